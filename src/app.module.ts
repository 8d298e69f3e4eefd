import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { ipv4Availability, whyNoCustomerPrefix, whyNoIpv4, whyNoIpv6 } from './allocation-room.js';
import { AuditReadLog } from './audit/access/audit-read-log.js';
import { HistoryKeeper } from './audit/address-history/history-keeper.js';
import { ImagesKeeper } from './audit/map-images/images-keeper.js';
import { AuditController } from './audit/audit.controller.js';
import { DossierController } from './audit/dossier/dossier.controller.js';
import { KEPT_FRAMES, type KeptFrames } from './audit/dossier/kept-frames.js';
import { SealDesk } from './audit/dossier/seal.js';
import { FindIndex } from './audit/find/find-index.js';
import { FindController } from './audit/find/find.controller.js';
import { PairsController } from './audit/pairs/pairs.controller.js';
import { DAY_MAILER, ReportMailController } from './audit/report/mail/report-mail.controller.js';
import { MoneyReportController } from './audit/report/money/money-report.controller.js';
import { ReportController } from './audit/report/report.controller.js';
import { LogController } from './audit/log.controller.js';
import { LogLookController } from './audit/log-look/log-look.controller.js';
import { TreeController } from './audit/tree.controller.js';
import { MapController } from './audit/map.controller.js';
import { Authenticator } from './auth/authenticator.js';
import { CallerLimits } from './auth/caller-limits.js';
import { OIDC_SIGN_IN, OidcController } from './auth/oidc.controller.js';
import { READ_RECORDER } from './auth/recorded.interceptor.js';
import { RouteList } from './auth/route-list.js';
import { ScopeGuard } from './auth/scope.guard.js';
import { SessionController } from './auth/session.controller.js';
import { SessionsController } from './auth/sessions.controller.js';
import { Sessions } from './auth/sessions.js';
import { SignIn } from './auth/sign-in.js';
import { TokenRegistry } from './auth/token-registry.js';
import { AppConfig } from './config/app-config.js';
import { whyNotEnabled } from './config/sites.js';
import { AdoptController } from './control/adopt.controller.js';
import { AlertsController } from './control/alerts.controller.js';
import { CapacityController } from './control/capacity.controller.js';
import { DeviceRegistry } from './control/device-registry.js';
import { DevicesController } from './control/devices.controller.js';
import { MovesController } from './control/moves.controller.js';
import { IPV4_AVAILABILITY, PoolsController } from './control/pools/pools.controller.js';
import { EnrolmentsController } from './control/enrolments.controller.js';
import { FreezeController } from './control/freeze.controller.js';
import { DhcpController } from './control/dhcp.controller.js';
import { GuardController } from './control/guard.controller.js';
import { ParkedController } from './control/parked.controller.js';
import { OverviewController } from './control/overview/overview.controller.js';
import { OverviewDesk } from './control/overview/overview.js';
import { PlansController } from './control/plans.controller.js';
import { RaController } from './control/ra.controller.js';
import { RenumberConductor } from './control/renumber/renumber-conductor.js';
import { RenumberingsController } from './control/renumber/renumberings.controller.js';
import { ServersController } from './control/servers.controller.js';
import { SwitchBoard } from './control/switches/switch-board.js';
import { SwitchesController } from './control/switches/switches.controller.js';
import type { EngineParts } from './engine-parts.js';
import { EVENT_STORE } from './event-store/event-store.port.js';
import { ContainmentController } from './feed/containment.controller.js';
import { ViolationDetailController } from './feed/violation-detail.controller.js';
import { ViolationStreamController } from './feed/violation-stream.controller.js';
import { MutesController } from './feed/mutes.controller.js';
import { TriageController } from './feed/triage.controller.js';
import { ViolationIndex } from './feed/violation-index.js';
import { ViolationsController } from './feed/violations.controller.js';
import { WITNESSES } from './feed/witnesses.js';
import { openWitnesses } from './feed-room.js';
import { openOverview } from './overview-room.js';
import { COMPARISON, ComparisonController } from './intake/comparison/comparison.controller.js';
import { EventsController } from './intake/events.controller.js';
import { Intake } from './intake/intake.js';
import { ReceiptsController } from './intake/receipts.controller.js';
import { Receipts } from './intake/receipts.js';
import { Alerts } from './ops/alerts.js';
import { MetricsController } from './ops/metrics.controller.js';
import { Metrics } from './ops/metrics.js';
import { HealthController } from './ops/health.controller.js';
import { Log } from './ops/log.js';
import { ProblemFilter } from './ops/problem.filter.js';
import { Readiness } from './ops/readiness.js';
import { LiveMap } from './projector/live-map.js';
import { AlertDesk } from './reactors/alert-desk.js';
import { Allocator } from './reactors/allocator.reactor.js';
import { Enroller } from './reactors/enroller.reactor.js';
import { MoveGate } from './reactors/move-gate.js';
import { CoverageController } from './sensor/coverage/coverage.controller.js';
import { SensorDesk } from './sensor/coverage/sensor-desk.js';
import { EvidenceController } from './sensor/evidence/evidence.controller.js';
import { ExceptionsController } from './sensor/exceptions/exceptions.controller.js';
import { RemoteSensors } from './sensor/remote/remote-sensors.js';
import { RemoteSensorsController } from './sensor/remote/remote-sensors.controller.js';
import { SurveyController } from './sensor/survey/survey.controller.js';
import { ScorecardController } from './sensor/scorecard/scorecard.controller.js';
import { SilentServersController } from './sensor/silent/silent-servers.controller.js';

/** Every controller of the engine: one line for each. */
const controllers: Type[] = [
  HealthController,
  MetricsController,
  SessionController,
  SessionsController,
  OidcController,
  EventsController,
  ReceiptsController,
  ComparisonController,
  MapController,
  OverviewController,
  DevicesController,
  GuardController,
  DhcpController,
  RaController,
  PlansController,
  MovesController,
  EnrolmentsController,
  RenumberingsController,
  PoolsController,
  CapacityController,
  FreezeController,
  AdoptController,
  AlertsController,
  ViolationsController,
  TriageController,
  MutesController,
  ViolationStreamController,
  ViolationDetailController,
  ContainmentController,
  EvidenceController,
  CoverageController,
  ScorecardController,
  SilentServersController,
  AuditController,
  DossierController,
  LogController,
  FindController,
  PairsController,
  ReportController,
  MoneyReportController,
  ReportMailController,
  LogLookController,
  ParkedController,
  ServersController,
  SwitchesController,
  TreeController,
  RemoteSensorsController,
  SurveyController,
  ExceptionsController,
];

/** Everything a controller may have injected. */
function providers({
  config,
  log,
  store,
  projector,
  access,
  tokens,
  readiness,
  metrics,
  alerts,
  alertDesk,
  devices,
  moves,
  sensorDesk,
  remoteSensors,
  enroller,
  conductor,
  allocator,
  violationIndex,
  history,
  comparison,
  dayMailer,
  images,
  sealDesk,
  switchBoard,
}: EngineParts): Provider[] {
  const { liveMap } = projector;
  const frames: KeptFrames = { framesOf: (violationId) => sensorDesk.evidence.evidenceOf(violationId) };
  return [
    { provide: AppConfig, useValue: config },
    { provide: Log, useValue: log },
    { provide: EVENT_STORE, useValue: store },
    { provide: LiveMap, useValue: liveMap },
    { provide: TokenRegistry, useValue: tokens },
    { provide: Authenticator, useValue: access.authenticator },
    { provide: CallerLimits, useValue: access.limits },
    { provide: Sessions, useValue: access.sessions },
    { provide: SignIn, useValue: access.signIn },
    { provide: OIDC_SIGN_IN, useValue: access.oidc },
    RouteList,
    { provide: READ_RECORDER, useValue: new AuditReadLog(store) },
    { provide: Metrics, useValue: metrics },
    { provide: Readiness, useValue: readiness },
    { provide: Alerts, useValue: alerts },
    { provide: AlertDesk, useValue: alertDesk },
    {
      provide: Intake,
      useValue: new Intake(store, liveMap, Date.now, {
        notEnabled: whyNotEnabled(config),
        noIpv4: whyNoIpv4({ config, allocator }),
        noIpv6: whyNoIpv6({ config, allocator }),
        noCustomerPrefix: whyNoCustomerPrefix({ allocator }),
      }),
    },
    { provide: Receipts, useValue: new Receipts(store, liveMap) },
    { provide: DeviceRegistry, useValue: devices },
    { provide: MoveGate, useValue: moves },
    { provide: SensorDesk, useValue: sensorDesk },
    { provide: RemoteSensors, useValue: remoteSensors },
    { provide: Enroller, useValue: enroller },
    { provide: RenumberConductor, useValue: conductor },
    { provide: Allocator, useValue: allocator },
    { provide: IPV4_AVAILABILITY, useValue: ipv4Availability({ config, allocator }) },
    { provide: WITNESSES, useValue: openWitnesses(devices, sensorDesk, liveMap) },
    { provide: ViolationIndex, useValue: violationIndex },
    { provide: FindIndex, useValue: new FindIndex(liveMap) },
    { provide: HistoryKeeper, useValue: history },
    { provide: COMPARISON, useValue: comparison ?? null },
    { provide: DAY_MAILER, useValue: dayMailer ?? null },
    { provide: ImagesKeeper, useValue: images },
    { provide: SealDesk, useValue: sealDesk },
    { provide: SwitchBoard, useValue: switchBoard },
    { provide: KEPT_FRAMES, useValue: frames },
    { provide: APP_GUARD, useClass: ScopeGuard },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ];
}

/** The wiring diagram of the HTTP side. */
@Module({})
export class AppModule {
  static with(parts: EngineParts): DynamicModule {
    const overview = { provide: OverviewDesk, useValue: openOverview(parts) };
    return { module: AppModule, imports: [DiscoveryModule], controllers, providers: [...providers(parts), overview] };
  }
}
