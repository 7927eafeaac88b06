// Python's `ascii()` of a text that is already a repr.

/** Every character outside ASCII as \x, \u or \U escape. */
export function ascii(text: string): string {
  let out = ''
  for (const c of text) {
    const code = c.codePointAt(0) ?? 0
    out += code < 128 ? c : code < 0x100 ? '\\x' + hex(code, 2) : code < 0x10000 ? '\\u' + hex(code, 4) : '\\U' + hex(code, 8)
  }
  return out
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0')
}
