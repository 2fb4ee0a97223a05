// What is changed in yargs where it is joined with the program, for rolldown.

/** yargs finds its texts in other languages from where its file is. The build puts them beside the program's. */
const localesBesideTheProgram = {
  name: 'locales-beside-the-program',
  transform(code, id) {
    if (!isShim(id)) return null;
    return replaced(code, id, "'../../../locales'", "'../../locales'");
  },
};

/**
 * yargs guesses the version of a program from the next package.json at or above the folder one stands in. We tell it ours,
 * and a file that nobody named is not to be read: it may be anybody's, and a pipe would keep the program waiting.
 */
const nothingAboveIsRead = {
  name: 'nothing-above-is-read',
  transform(code, id) {
    if (!isShim(id)) return null;
    return replaced(code, id, 'findUp: escalade,', 'findUp: () => undefined,');
  },
};

function replaced(code, id, found, by) {
  if (!code.includes(found)) throw new Error(`${id} has no ${found}`);
  return code.replace(found, by);
}

/** Packages that lay out help. To load them takes 50 ms, for they look up emoji and segment text. */
const LAYING_OUT = ['cliui', 'string-width'];
const ON_DEMAND = '\0on-demand:';

/** Loads these packages when they are first called: only whoever asks for help needs them. */
const helpOnDemand = {
  name: 'help-on-demand',
  async resolveId(source, importer) {
    if (!LAYING_OUT.includes(source) || !isShim(importer)) return null;
    const { id } = await this.resolve(source, importer, { skipSelf: true });
    return ON_DEMAND + id;
  },
  load(id) {
    if (!id.startsWith(ON_DEMAND)) return null;
    const path = JSON.stringify(id.slice(ON_DEMAND.length));
    // What a package gives to `require` is its default export, where it says so.
    return `module.exports = (...given) => {
      const loaded = require(${path});
      return (loaded.default ?? loaded)(...given);
    };`;
  },
};

function isShim(id = '') {
  return id.replaceAll('\\', '/').endsWith('/yargs/lib/platform-shims/esm.mjs');
}

export const bundledYargs = [localesBesideTheProgram, nothingAboveIsRead, helpOnDemand];
