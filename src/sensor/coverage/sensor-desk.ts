import type { EvidenceKeeper } from '../evidence/evidence-keeper.js';
import type { PrefixHearing } from '../prefix-hearing.js';
import type { Scoreboard } from '../scorecard/scoreboard.js';
import type { SensorStates } from '../sensor.service.js';
import type { SilentServersAnswer } from '../silent/silent-servers.js';
import type { Coverage } from './coverage.js';

/** What the HTTP side may ask of the running sensors. */
export interface SensorParts {
  readonly evidence: EvidenceKeeper;
  readonly coverage: Coverage;
  readonly scoreboard: Scoreboard;
  readonly exceptionHits: () => SensorStates['exceptions'];
  /** How often prefixes that somebody watches were heard. */
  readonly prefixHearing: PrefixHearing;
  /** Paid servers not heard for too long, of one switch or all. */
  readonly silentServers: (switchName?: string) => Promise<SilentServersAnswer>;
}

/** Where the HTTP side finds the sensor room: it is made before the sensors are. */
export class SensorDesk {
  private parts: SensorParts | undefined;

  /** For who starts the sensors. */
  staffedBy(parts: SensorParts): void {
    this.parts = parts;
  }

  get evidence(): EvidenceKeeper {
    return this.staffed.evidence;
  }

  get coverage(): Coverage {
    return this.staffed.coverage;
  }

  get scoreboard(): Scoreboard {
    return this.staffed.scoreboard;
  }

  get prefixHearing(): PrefixHearing {
    return this.staffed.prefixHearing;
  }

  /** What exceptions excused since the engine started. */
  exceptionHits(): SensorStates['exceptions'] {
    return this.staffed.exceptionHits();
  }

  silentServers(switchName?: string): Promise<SilentServersAnswer> {
    return this.staffed.silentServers(switchName);
  }

  private get staffed(): SensorParts {
    if (this.parts === undefined)
      throw new Error('The sensors were not started; start them before the HTTP side takes requests.');
    return this.parts;
  }
}
