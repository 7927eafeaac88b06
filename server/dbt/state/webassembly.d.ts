// What scan.ts uses of WebAssembly: Node has it, its types stand in the browser's library only.

declare namespace WebAssembly {
  class Module { constructor(bytes: Uint8Array) }
  class Instance { constructor(module: Module); readonly exports: unknown }
}
