import { findObject } from '../json/sketch.ts';
import { awsConfig } from './aws-config.ts';
import type { Format } from './format.ts';

/**
 * Configuration items as rows of CSV: what Athena writes for a table over the files of AWS Config (its columns have
 * small letters only), and what the AWS Config console exports for an advanced query. Nothing tells whether all items
 * were asked for, so each speaks of its own time, like an item of a history file.
 */
export const awsConfigCsv: Format = {
  id: 'aws-config-csv',
  title: 'AWS Config items in CSV',
  detect: ({ documents }) =>
    documents.some(
      (document) =>
        findObject(
          document,
          (row) =>
            row.has('resourcetype') &&
            row.has('configuration') &&
            [...row.values()].every(({ kind }) => kind === 'null'),
          0,
        ) !== null,
    ),
  // The path could look like a snapshot's.
  open: (file) => awsConfig.open({ ...file, path: '' }),
};
