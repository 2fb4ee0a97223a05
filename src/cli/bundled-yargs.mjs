// What is changed in yargs where it is joined with the program, for rolldown.

/** yargs finds its texts in other languages from where its file is. The build puts them beside the program's. */
const localesBesideTheProgram = {
  name: 'locales-beside-the-program',
  transform(code, id) {
    if (!isShim(id)) return null;
    const found = "'../../../locales'";
    if (!code.includes(found)) throw new Error(`${id} has no ${found}`);
    return code.replace(found, "'../../locales'");
  },
};

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

export const bundledYargs = [localesBesideTheProgram, helpOnDemand];
