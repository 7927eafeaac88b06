// What scan.ts uses of WebAssembly: Node has it, its types stand in the browser's library only.

declare namespace WebAssembly {
  interface Module { readonly kind: 'module' }
  interface Instance { readonly exports: unknown }
  const Module: new (bytes: Uint8Array) => Module
  const Instance: new (module: Module) => Instance
}
