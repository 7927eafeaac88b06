// The answers are CPython's: bytes(…).decode('utf-8').

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { utf8Problem } from '../../server/text/utf8.ts'

const utf8 = suite('utf8')

const CASES: readonly (readonly [readonly number[], string | null])[] = [
  [[], null],
  [[0x61, 0xc3, 0xa9, 0xf0, 0x9f, 0x8e, 0x89], null],
  [[0x80], "'utf-8' codec can't decode byte 0x80 in position 0: invalid start byte"],
  [[0x61, 0xe9, 0x62], "'utf-8' codec can't decode byte 0xe9 in position 1: invalid continuation byte"],
  [[0xe9], "'utf-8' codec can't decode byte 0xe9 in position 0: unexpected end of data"],
  [[0xe9, 0x80], "'utf-8' codec can't decode bytes in position 0-1: unexpected end of data"],
  [[0xe9, 0x80, 0x61], "'utf-8' codec can't decode bytes in position 0-1: invalid continuation byte"],
  [[0xc0, 0x80], "'utf-8' codec can't decode byte 0xc0 in position 0: invalid start byte"],
  [[0xc3], "'utf-8' codec can't decode byte 0xc3 in position 0: unexpected end of data"],
  [[0xed, 0xa0, 0x80], "'utf-8' codec can't decode byte 0xed in position 0: invalid continuation byte"],
  [[0xe0, 0x80, 0x80], "'utf-8' codec can't decode byte 0xe0 in position 0: invalid continuation byte"],
  [[0xf0, 0x80, 0x80, 0x80], "'utf-8' codec can't decode byte 0xf0 in position 0: invalid continuation byte"],
  [[0xf4, 0x90, 0x80, 0x80], "'utf-8' codec can't decode byte 0xf4 in position 0: invalid continuation byte"],
  [[0xf5, 0x80], "'utf-8' codec can't decode byte 0xf5 in position 0: invalid start byte"],
  [[0xf0, 0x9f, 0x8e], "'utf-8' codec can't decode bytes in position 0-2: unexpected end of data"],
  [[0xf0, 0x9f, 0x8e, 0x20], "'utf-8' codec can't decode bytes in position 0-2: invalid continuation byte"],
  [[0xf0, 0x9f, 0x20, 0x20], "'utf-8' codec can't decode bytes in position 0-1: invalid continuation byte"],
  [[0xff, 0xfe, 0x61, 0x0], "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"],
]

for (const [bytes, message] of CASES) utf8(bytes.map((each) => each.toString(16)).join(' '), () => { assert.is(utf8Problem(Uint8Array.from(bytes)), message) })

utf8.run()
