// Where bytes stop being UTF-8, in the words of CPython's decoder: dbt prints them and stops (dbt_common load_file_contents).

/** `'utf-8' codec can't decode …`; null for bytes that are UTF-8. */
export function utf8Problem(bytes: Uint8Array): string | null {
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at] ?? 0
    if (first < 0x80) { at++; continue }
    const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
    if (first < 0xc2 || first > 0xf4) return said(bytes, at, 1, 'invalid start byte')
    for (let more = 1; more < length; more++) {
      const next = bytes[at + more]
      if (next === undefined) return said(bytes, at, more, 'unexpected end of data')
      const [low, high] = more === 1 ? secondByte(first) : [0x80, 0xbf]
      if (next < low || next > high) return said(bytes, at, more, 'invalid continuation byte')
    }
    at += length
  }
  return null
}

/** What may follow a first byte: no overlong forms, no surrogates, nothing above U+10FFFF. */
function secondByte(first: number): readonly [number, number] {
  switch (first) {
    case 0xe0: return [0xa0, 0xbf]
    case 0xed: return [0x80, 0x9f]
    case 0xf0: return [0x90, 0xbf]
    case 0xf4: return [0x80, 0x8f]
    default: return [0x80, 0xbf]
  }
}

function said(bytes: Uint8Array, at: number, length: number, reason: string): string {
  const what = length === 1 ? `byte 0x${(bytes[at] ?? 0).toString(16).padStart(2, '0')} in position ${at}` : `bytes in position ${at}-${at + length - 1}`
  return `'utf-8' codec can't decode ${what}: ${reason}`
}
