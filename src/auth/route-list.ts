import { Inject, Injectable, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService } from '@nestjs/core';
import { type TokenScope, tokenScopes } from './principal.js';
import { accessOf } from './require-scope.js';

/** One route and who may call it. */
export interface RouteRule {
  /** Method and path as OpenAPI writes them: `POST /v1/devices/{device}/apply`. */
  readonly id: string;
  readonly access: 'everybody' | readonly TokenScope[];
}

/** Every route of the controllers, by its decorators. */
@Injectable()
export class RouteList {
  constructor(@Inject(DiscoveryService) private readonly discovery: DiscoveryService) {}

  /** Sorted by path, then method. */
  all(): RouteRule[] {
    const rules = this.discovery.getControllers().flatMap(({ metatype }) => (metatype ? rulesOf(metatype) : []));
    return rules.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  /** The ids of the routes that a caller with these scopes may call. */
  permittedTo(scopes: readonly TokenScope[]): string[] {
    const isOpen = ({ access }: RouteRule): boolean =>
      access === 'everybody' || access.some((scope) => scopes.includes(scope));
    return this.all()
      .filter(isOpen)
      .map(({ id }) => id);
  }
}

/** The scopes that open a route, in the order of the scopes. */
export const scopesOf = ({ access }: RouteRule): readonly TokenScope[] =>
  tokenScopes.filter((scope) => access === 'everybody' || access.includes(scope));

const keyOf = ({ id }: RouteRule): string => id.split(' ').reverse().join(' ');

// oxlint-disable-next-line typescript/no-unsafe-function-type -- Nest names a controller's class so.
function rulesOf(controller: Function): RouteRule[] {
  const members = Object.values(Object.getOwnPropertyDescriptors(controller.prototype as object));
  return members.flatMap(({ value: handler }: { readonly value?: unknown }) => {
    if (typeof handler !== 'function' || handler === controller) return [];
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
    if (method === undefined) return [];
    const access = accessOf(handler, controller);
    return pathsOf(controller).flatMap((base) =>
      pathsOf(handler).map((path) => ({ id: `${RequestMethod[method]} ${pathOf(base, path)}`, access })),
    );
  });
}

function pathsOf(target: object): string[] {
  const paths = Reflect.getMetadata(PATH_METADATA, target) as string | string[] | undefined;
  return [paths ?? ''].flat();
}

function pathOf(base: string, path: string): string {
  const parts = `${base}/${path}`.split('/').filter((part) => part !== '');
  return `/${parts.map((part) => (part.startsWith(':') ? `{${part.slice(1)}}` : part)).join('/')}`;
}
