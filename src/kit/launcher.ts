import { type KitFile, madeFile } from './kit-file.ts';
import type { Platform } from './platforms.ts';

/**
 * The file by which a kit is started. It needs nothing of the machine but a shell, and lets nothing of it in: what
 * NODE_OPTIONS and NODE_PATH hold is for another Node.js.
 */
export function launcher(platform: Platform): KitFile {
  return platform.system === 'windows'
    ? madeFile('trustsieve.cmd', WINDOWS.replaceAll('\n', '\r\n'), true)
    : madeFile('trustsieve', shellScript(platform), true);
}

/**
 * For any POSIX shell, also with an empty PATH. Only a link to it needs `readlink`, which is no part of the shell;
 * Linux and macOS have it where it is looked for.
 */
function shellScript({ shown, loader }: Platform): string {
  const check =
    loader === null
      ? ''
      : `if [ ! -e ${loader} ]; then
  echo "trustsieve: this kit is for ${shown} with glibc 2.34 or newer, and ${loader} is not here" >&2
  exit 2
fi
`;
  return `#!/bin/sh
self=$0
while [ -h "$self" ]; do
  target=$(PATH=/usr/bin:/bin readlink "$self") || {
    echo "trustsieve: cannot follow the link $self without readlink; start $self's target itself" >&2
    exit 2
  }
  case $target in
    /*) self=$target ;;
    *) case $self in
      */*) self=\${self%/*}/$target ;;
      *) self=./$target ;;
    esac ;;
  esac
done
case $self in
  */*) here=\${self%/*} ;;
  *) here=. ;;
esac
${check}if [ ! -x "$here/node/node" ]; then
  echo "trustsieve: $here/node/node is not there or may not be run; unpack the archive again, on a file system that lets programs run" >&2
  exit 2
fi
unset NODE_OPTIONS NODE_PATH
exec "$here/node/node" "$here/app/dist/cli/main.js" "$@"
`;
}

const WINDOWS = `@echo off
setlocal
set NODE_OPTIONS=
set NODE_PATH=
"%~dp0node\\node.exe" "%~dp0app\\dist\\cli\\main.js" %*
exit /b %errorlevel%
`;
