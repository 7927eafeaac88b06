// Classes of characters as YAML 1.1 (libyaml) has them. Code 0 stands for the end of the text.

const BLANK = 1
const BREAK = 2
const FLOW = 4
const ALPHA = 8

const table = new Uint8Array(256)
table[32] = table[9] = BLANK
table[10] = table[13] = table[0x85] = BREAK
for (const c of ',[]{}') table[c.charCodeAt(0)] = FLOW
for (const c of '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-') table[c.charCodeAt(0)] = ALPHA

export const isBlank = (c: number): boolean => c === 32 || c === 9
export const isBreak = (c: number): boolean => c < 256 ? table[c] === BREAK : c === 0x2028 || c === 0x2029
export const isBlankOrBreak = (c: number): boolean => c < 256 ? (table[c]! & 3) !== 0 : c === 0x2028 || c === 0x2029
/** Blank, line break or the end. */
export const isGap = (c: number): boolean => c === 0 || isBlankOrBreak(c)
export const isBreakOrEnd = (c: number): boolean => c === 0 || isBreak(c)
/** One of `,[]{}`. */
export const isFlowIndicator = (c: number): boolean => c < 256 && table[c] === FLOW
/** What names of anchors and tag handles are made of. */
export const isNameChar = (c: number): boolean => c < 256 && table[c] === ALPHA
export const isDigit = (c: number): boolean => c >= 48 && c <= 57
export const isHex = (c: number): boolean => isDigit(c) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70)
