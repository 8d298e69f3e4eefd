import { ProductConfig } from './allocation-config.js';
import { Nested } from './shape.js';

/** What may be sold; a purchase that is published all the same is stored. */
export class ProductsConfig {
  @Nested(ProductConfig)
  ipv4 = new ProductConfig();
}
