/** What is known of a gateway, as far as another one's decision can rest on it. */
export interface Standing {
  /** Names all that is known of it about one destination; another name means that something changed. */
  standingOn(destination: string): string;
}

/**
 * Which device decided last about which destination by what another gateway does: not to announce it yet, or to keep it
 * for a while. Whatever then changes there, and however it interleaves with a look that is under way, the device is
 * woken once: no decision is left standing on what is no longer so.
 */
export class Leaners {
  private readonly byDevice = new Map<string, Set<string>>();

  lean(device: string, destination: string): void {
    const leant = this.byDevice.get(device) ?? new Set();
    this.byDevice.set(device, leant.add(destination));
  }

  /** Makes a change to what is known of one gateway. Gives the devices that have to look again because of it. */
  around(gateway: Standing & { readonly device: string }, change: () => void): string[] {
    const before = [...this.byDevice]
      .filter(([device]) => device !== gateway.device)
      .map(([device, leant]) => ({
        device,
        leant: [...leant].map((destination) => ({ destination, standing: gateway.standingOn(destination) })),
      }));
    change();
    return before.flatMap(({ device, leant }) => {
      const moved = leant.filter(({ destination, standing }) => gateway.standingOn(destination) !== standing);
      for (const { destination } of moved) this.forget(device, destination);
      return moved.length === 0 ? [] : [device];
    });
  }

  private forget(device: string, destination: string): void {
    const leant = this.byDevice.get(device);
    leant?.delete(destination);
    if (leant?.size === 0) this.byDevice.delete(device);
  }
}
