import type { LinkState } from '../../../../projections/index.js';
import { hashOfPair } from './hashes.js';
import type { SharedNames } from './names.js';

const fewest = 16;
/** Beside the number of an interface, which has 24 bits. */
const isUp = 0x1000000;

/** The link of each port as reported last: 16 bytes a place, at most three quarters full. A port is never forgotten. */
export class LinkIndex {
  /** Of each place the number of the switch (0 where nothing is), then that of the interface with the link's state. */
  private ports = new Uint32Array(2 * fewest);
  /** Since when, ms since 1970. */
  private since = new Float64Array(fewest);
  private mask = fewest - 1;
  private count = 0;

  constructor(
    private readonly switches: SharedNames,
    private readonly interfaces: SharedNames,
  ) {}

  get bytes(): number {
    return this.ports.byteLength + this.since.byteLength;
  }

  put(port: string, up: boolean, since: number): void {
    const colon = port.indexOf(':');
    const switchNumber = this.switches.numberFor(port.slice(0, colon));
    const interfaceNumber = this.interfaces.numberFor(port.slice(colon + 1));
    let place = this.placeOf(switchNumber, interfaceNumber);
    if (this.ports[2 * place] === 0 && ++this.count * 4 > (this.mask + 1) * 3) {
      this.grow();
      place = this.placeOf(switchNumber, interfaceNumber);
    }
    this.set(place, switchNumber, interfaceNumber | (up ? isUp : 0), since);
  }

  get(port: string): LinkState {
    const colon = port.indexOf(':');
    const switchNumber = this.switches.numberOf(port.slice(0, colon));
    const interfaceNumber = this.interfaces.numberOf(port.slice(colon + 1));
    const place = this.placeOf(switchNumber, interfaceNumber);
    if (this.ports[2 * place] === 0) return { link: 'unknown' };
    return { link: (this.ports[2 * place + 1] ?? 0) & isUp ? 'up' : 'down', since: this.since[place] ?? 0 };
  }

  private placeOf(switchNumber: number, interfaceNumber: number): number {
    const { ports, mask } = this;
    let place = hashOfPair(switchNumber, interfaceNumber) & mask;
    while (
      ports[2 * place] !== 0 &&
      (ports[2 * place] !== switchNumber || ((ports[2 * place + 1] ?? 0) & ~isUp) !== interfaceNumber)
    )
      place = (place + 1) & mask;
    return place;
  }

  private set(place: number, switchNumber: number, interfaceWord: number, since: number): void {
    this.ports[2 * place] = switchNumber;
    this.ports[2 * place + 1] = interfaceWord;
    this.since[place] = since;
  }

  private grow(): void {
    const { ports, since } = this;
    this.mask = this.mask * 2 + 1;
    this.ports = new Uint32Array(2 * (this.mask + 1));
    this.since = new Float64Array(this.mask + 1);
    since.forEach((value, place) => {
      const [switchNumber = 0, interfaceWord = 0] = ports.subarray(2 * place, 2 * place + 2);
      if (switchNumber !== 0)
        this.set(this.placeOf(switchNumber, interfaceWord & ~isUp), switchNumber, interfaceWord, value);
    });
  }
}
