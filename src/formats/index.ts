import type { PrefixSketch } from '../json/sketch.ts';
import { awsConfig } from './aws-config.ts';
import { cloudquery } from './cloudquery.ts';
import type { Format } from './format.ts';
import { gaad } from './gaad.ts';

/** All formats; the first one that recognises the content reads it. */
export const FORMATS: readonly Format[] = [gaad, awsConfig, cloudquery];

export function detectFormat(sketch: PrefixSketch): Format | null {
  return FORMATS.find((format) => format.detect(sketch)) ?? null;
}
