import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Recorded } from '../../auth/recorded.js';
import { RequireScope } from '../../auth/require-scope.js';
import { Alerts } from '../../ops/alerts.js';
import { ProblemError } from '../../ops/problem.js';
import { SensorDesk } from '../coverage/sensor-desk.js';

/** What this controller needs of a Fastify reply. */
interface Reply {
  header(name: string, value: string): unknown;
}

/** The frames that show a violation, as they were captured. */
@ApiTags('violations')
@ApiBearerAuth()
@Controller('v1/violations')
@RequireScope('security-analyst', 'auditor')
export class EvidenceController {
  constructor(
    @Inject(SensorDesk) private readonly desk: SensorDesk,
    @Inject(Alerts) private readonly alerts: Alerts,
  ) {}

  @Get(':violationId/evidence')
  @Recorded({ results: () => 1 })
  @ApiOperation({
    summary: 'The first frames of a violation, at most ten, as a pcap file',
    description: 'Checked before it is sent: its SHA-256 is the one that EvidenceKept put into the log.',
  })
  @ApiProduces('application/vnd.tcpdump.pcap')
  @ApiResponse({ status: 200, description: 'Repr-Digest (RFC 9530) carries the SHA-256 of the file' })
  @ApiResponse({ status: 404, description: 'No frames were kept for it' })
  @ApiResponse({ status: 410, description: 'They made room for those of open violations' })
  @ApiResponse({ status: 500, description: 'The file is not what the log says it was' })
  async evidence(@Param('violationId') violationId: string, @Res({ passthrough: true }) reply: Reply): Promise<Buffer> {
    const evidence = await this.desk.evidence.evidenceOf(violationId);
    const named = `violation ${violationId.slice(0, 100)}`;
    switch (evidence.state) {
      case 'none':
        throw new ProblemError(404, 'no-evidence', `No frames are kept for ${named}, or there is no such violation.`);
      case 'removed':
        throw new ProblemError(
          410,
          'evidence-removed',
          `The frames of ${named} are no longer on disk: the oldest of closed violations make room for new ones.`,
        );
      case 'altered': {
        const detail = `The kept frames of ${named} are not what the log says they were (EvidenceKept): somebody or something changed the file. They are not served; look at the disk, and at who can write there.`;
        this.alerts.raise('evidence-altered', { key: violationId, detail, violationId });
        throw new ProblemError(500, 'evidence-altered', detail);
      }
      case 'kept': {
        const digest = Buffer.from(evidence.sha256, 'hex').toString('base64');
        reply.header('content-type', 'application/vnd.tcpdump.pcap');
        reply.header('repr-digest', `sha-256=:${digest}:`);
        reply.header('content-disposition', `attachment; filename="${violationId}.pcap"`);
        reply.header('cache-control', 'no-store');
        return evidence.file;
      }
    }
  }
}
