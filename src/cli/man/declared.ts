import type { Argv, Options, PositionalOptions } from 'yargs';
import type { Command } from '../command.ts';

/** What a command takes, as it declares it. */
export interface Declared {
  readonly positionals: readonly (readonly [name: string, spec: PositionalOptions])[];
  readonly options: readonly (readonly [name: string, spec: Options])[];
}

/** Asks a command for its arguments and options, in its own order, without parsing anything. */
export function declaredBy(command: Command): Declared {
  const positionals: [string, PositionalOptions][] = [];
  const options: [string, Options][] = [];
  const recorder: object = new Proxy(
    {},
    {
      get:
        (_, method) =>
        (name: string, spec: Options = {}) => {
          if (method === 'option') options.push([name, spec]);
          if (method === 'positional') positionals.push([name, spec as PositionalOptions]);
          return recorder;
        },
    },
  );
  command.options(recorder as Argv);
  return { positionals, options };
}
