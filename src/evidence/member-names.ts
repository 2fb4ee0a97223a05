const MAX_NAME = 1024;
/** What would break a line, hide text or turn its direction. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Shows members of one archive under paths that are printable and differ. */
export class MemberNames {
  private readonly archive: string;
  private readonly seen = new Set<string>();

  /** @param archive the archive's path as shown */
  constructor(archive: string) {
    this.archive = archive;
  }

  /** The path of the next member; when its name came before, with a number behind it. */
  add(name: string): string {
    const clean = name.slice(0, MAX_NAME).replaceAll(UNPRINTABLE, '\ufffd');
    let unique = clean;
    for (let number = 2; this.seen.has(unique); number++) unique = `${clean}#${number}`;
    this.seen.add(unique);
    return `${this.archive}!/${unique}`;
  }
}
