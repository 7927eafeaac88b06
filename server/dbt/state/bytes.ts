// Stepping over a JSON string in bytes; the inner loop of the manifest scanner. Must not decode.

/** The index after the closing quote; -1 when the string goes on after this chunk, -2 when it does and its last character is an open escape. */
export function endOfString(bytes: Uint8Array, from: number, escaped: boolean): number {
  let at = escaped ? from + 1 : from
  // Most strings are short: a loop beats the call of indexOf; long ones (SQL) are left to memchr.
  const near = Math.min(bytes.length, at + 32)
  while (at < near) {
    const c = bytes[at]
    if (c === 0x22) return at + 1
    at += c === 0x5c ? 2 : 1
  }
  for (;;) {
    const quote = at < bytes.length ? bytes.indexOf(0x22, at) : -1
    const stop = quote < 0 ? bytes.length : quote
    let slashes = 0
    while (stop - slashes > at && bytes[stop - slashes - 1] === 0x5c) slashes++
    if (quote < 0) return at > bytes.length || slashes % 2 === 1 ? -2 : -1
    if (slashes % 2 === 0) return quote + 1
    at = quote + 1
  }
}
