/** The VLAN interfaces that a pattern such as `Vlan{vlan}` names. */
export class ManagedInterfaces {
  private constructor(
    private readonly before: string,
    private readonly after: string,
  ) {}

  /** undefined where the pattern with a VLAN id in it is no interface name. */
  static of(pattern: string, isInterface: (name: string) => boolean): ManagedInterfaces | undefined {
    const [before, after, ...more] = pattern.split('{vlan}');
    if (before === undefined || after === undefined || more.length > 0) return undefined;
    return isInterface(`${before}1${after}`) ? new ManagedInterfaces(before, after) : undefined;
  }

  has(name: string): boolean {
    if (!name.startsWith(this.before) || !name.endsWith(this.after)) return false;
    const vlan = name.slice(this.before.length, name.length - this.after.length);
    return /^[1-9]\d{0,3}$/.test(vlan) && Number(vlan) <= 4094;
  }
}
