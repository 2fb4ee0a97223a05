// Tests open databases by themselves, too.
import '../src/evidence/sqlite.ts';
