/** The CloudEvents source of what a sensor tells. */
export const sensorSource = (sensor: string): string => `urn:portledger:sensor:${sensor}`;
