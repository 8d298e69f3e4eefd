import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { formatInstant } from '../../events/index.js';
import { RequireScope } from '../auth/require-scope.js';
import { Enroller, type Enrolment } from '../reactors/enroller.reactor.js';

/** An enrolment as it is shown; times in RFC 3339. */
export interface EnrolmentView extends Omit<Enrolment, 'candidates'> {
  readonly candidates: readonly { readonly mac: string; readonly firstSeen: string; readonly claimedBy?: string }[];
}

/** Servers sold with `enrolment: first-seen` that have no MAC yet. */
@ApiTags('servers')
@ApiBearerAuth()
@Controller('v1/enrolments')
export class EnrolmentsController {
  constructor(@Inject(Enroller) private readonly enroller: Enroller) {}

  @Get()
  @RequireScope('publisher', 'operator', 'viewer', 'auditor')
  @ApiOperation({
    summary: 'Servers whose MAC is to be enrolled: what was seen at their place, and which event settles a choice',
  })
  list(): { enrolments: EnrolmentView[] } {
    return { enrolments: this.enroller.enrolments().map(viewOf) };
  }
}

function viewOf({ candidates, ...rest }: Enrolment): EnrolmentView {
  return {
    ...rest,
    candidates: candidates.map(({ mac, firstSeen, claimedBy }) => ({
      mac,
      firstSeen: formatInstant(firstSeen),
      ...(claimedBy === undefined ? {} : { claimedBy }),
    })),
  };
}
