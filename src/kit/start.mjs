// Node.js that cannot read TypeScript must be told apart before it meets any.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 18)) {
  await import('./main.ts');
} else {
  process.stderr.write(
    `kit: Node.js 22.18 or newer is needed to build and to make kits, and this is ${process.versions.node}\n`,
  );
  process.exitCode = 2;
}
