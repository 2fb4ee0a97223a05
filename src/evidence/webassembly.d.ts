/** The part of WebAssembly's JavaScript interface that is used; neither the language's nor Node's types have it. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  interface MemoryDescriptor {
    /** Pages of 64 KiB. */
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }
  class Memory {
    constructor(descriptor: MemoryDescriptor);
    readonly buffer: SharedArrayBuffer;
    grow(pages: number): number;
  }
  /** An i64 is a bigint. */
  interface Global<Type extends 'i32' | 'i64' | 'f64'> {
    value: Type extends 'i64' ? bigint : number;
  }
  function validate(bytes: Uint8Array): boolean;
}
