// Runs a parsed regular expression over code points: a backtracking machine with its own stack, so that no pattern and no text can
// overflow ours, and with a budget, so that none can hang us. Order of trial is CPython's (re/_sre.c).

import { budgetExceeded } from '../errors.ts'
import { isWord, lowerCode, type CharTest } from './regex-chars.ts'
import { MAX_REPEAT, type ParsedRegex, type RegexNode } from './regex-parse.ts'

/** About 100 ms; `(a+)+$` and its like end here. */
const MOST_STEPS = 600_000
const MOST_INSTRUCTIONS = 200_000

type Instruction =
  | { readonly op: 'char'; readonly test: CharTest }
  /** One-character repeats, the common case, without a stack entry for each character. */
  | { readonly op: 'run'; readonly test: CharTest; readonly min: number; readonly max: number; readonly mode: 'greedy' | 'lazy' | 'possessive' }
  | { readonly op: 'at'; readonly node: RegexNode & { kind: 'at' } }
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'save'; readonly register: number }
  | { readonly op: 'reset'; readonly counter: number }
  | { readonly op: 'loop'; readonly counter: number; readonly min: number; readonly max: number; readonly lazy: boolean; body: number; exit: number }
  | { readonly op: 'backref'; readonly group: number; readonly ignoreCase: boolean }
  | { readonly op: 'look'; readonly behind: number | null; readonly negative: boolean; body: number; exit: number }
  | { readonly op: 'atomic'; body: number; exit: number }
  | { readonly op: 'conditional'; readonly group: number; yes: number; no: number }
  | { readonly op: 'done' }

export interface Program {
  readonly instructions: readonly Instruction[]
  readonly groups: number
  readonly registers: number
}

/** Registers: start and end of each group (−1: not matched), then two for each counted loop. */
export function compileRegex(parsed: ParsedRegex): Program {
  const compiler: Compiler = { out: [], registers: (parsed.groups + 1) * 2 }
  emit(compiler, parsed.node)
  compiler.out.push({ op: 'done' })
  return { instructions: compiler.out, groups: parsed.groups, registers: compiler.registers }
}

interface Compiler { readonly out: Instruction[]; registers: number }

function emit(compiler: Compiler, node: RegexNode): void {
  const { out } = compiler
  if (out.length > MOST_INSTRUCTIONS) throw budgetExceeded('a regular expression is too large')
  switch (node.kind) {
    case 'char': out.push({ op: 'char', test: node.test }); return
    case 'at': out.push({ op: 'at', node }); return
    case 'seq': for (const item of node.items) emit(compiler, item); return
    case 'backref': out.push({ op: 'backref', group: node.group, ignoreCase: node.ignoreCase }); return
    case 'group':
      out.push({ op: 'save', register: node.index * 2 })
      emit(compiler, node.node)
      out.push({ op: 'save', register: node.index * 2 + 1 })
      return
    case 'alt': emitAlternatives(compiler, node.branches); return
    case 'repeat': emitRepeat(compiler, node); return
    case 'look': case 'atomic': {
      const at = out.length
      const instruction: Instruction = node.kind === 'atomic' ? { op: 'atomic', body: at + 1, exit: 0 } : { op: 'look', behind: node.behind, negative: node.negative, body: at + 1, exit: 0 }
      out.push(instruction)
      emit(compiler, node.node)
      out.push({ op: 'done' })
      instruction.exit = out.length
      return
    }
    case 'conditional': {
      const choice: Instruction = { op: 'conditional', group: node.group, yes: out.length + 1, no: 0 }
      out.push(choice)
      emit(compiler, node.yes)
      const jump: Instruction = { op: 'jump', to: 0 }
      out.push(jump)
      choice.no = out.length
      emit(compiler, node.no)
      jump.to = out.length
    }
  }
}

function emitAlternatives(compiler: Compiler, branches: readonly RegexNode[]): void {
  const { out } = compiler
  const jumps: (Instruction & { op: 'jump' })[] = []
  branches.forEach((branch, i) => {
    if (i === branches.length - 1) {
      emit(compiler, branch)
      return
    }
    const split: Instruction = { op: 'split', first: out.length + 1, second: 0 }
    out.push(split)
    emit(compiler, branch)
    const jump: Instruction & { op: 'jump' } = { op: 'jump', to: 0 }
    out.push(jump)
    jumps.push(jump)
    split.second = out.length
  })
  for (const jump of jumps) jump.to = out.length
}

function emitRepeat(compiler: Compiler, node: RegexNode & { kind: 'repeat' }): void {
  const { out } = compiler
  const single = singleChar(node.node)
  if (single !== null) {
    out.push({ op: 'run', test: single, min: node.min, max: node.max, mode: node.mode })
    return
  }
  if (node.mode === 'possessive') {
    emit(compiler, { kind: 'atomic', node: { ...node, mode: 'greedy' } })
    return
  }
  const counter = compiler.registers
  compiler.registers += 2
  out.push({ op: 'reset', counter })
  const at = out.length
  const loop: Instruction = { op: 'loop', counter, min: node.min, max: node.max, lazy: node.mode === 'lazy', body: at + 1, exit: 0 }
  out.push(loop)
  emit(compiler, node.node)
  out.push({ op: 'jump', to: at })
  loop.exit = out.length
}

function singleChar(node: RegexNode): CharTest | null {
  if (node.kind === 'char') return node.test
  return node.kind === 'seq' && node.items.length === 1 && node.items[0] !== undefined ? singleChar(node.items[0]) : null
}

/** The state to go back to. `greedy`: a run that may give back down to `bound`; `lazy`: one that may take more, up to `bound`. */
interface Choice {
  readonly kind: 'plain' | 'greedy' | 'lazy'
  readonly pc: number
  at: number
  readonly registers: number[]
  readonly bound: number
  readonly test: CharTest | null
}

interface Machine {
  readonly program: Program
  readonly codes: readonly number[]
  readonly end: number
  readonly steps: { left: number }
}

export interface MatchBudget { spend(steps: number): void }

/** Registers of the match that starts exactly at `start`; null for none. `whole`: it must end at `end`. `notEmptyAt`: refuse an empty match there. */
export function matchAt(program: Program, codes: readonly number[], start: number, end: number, whole: boolean, notEmptyAt: number, budget: MatchBudget, steps: { left: number }): number[] | null {
  const before = steps.left
  const registers = Array.from({ length: program.registers }, () => -1)
  const found = run({ program, codes, end, steps }, 0, start, registers, at => (!whole || at === end) && !(at === start && start === notEmptyAt))
  budget.spend((before - steps.left) >> 4)
  if (found === null) return null
  found.registers[0] = start
  found.registers[1] = found.at
  return found.registers
}

export function newSteps(): { left: number } { return { left: MOST_STEPS } }

function run(machine: Machine, startPc: number, startAt: number, startRegisters: number[], accept: (at: number) => boolean): { at: number; registers: number[] } | null {
  const { program: { instructions }, codes, end, steps } = machine
  const choices: Choice[] = []
  let pc = startPc
  let at = startAt
  let registers = startRegisters
  const choose = (otherPc: number, otherAt: number): void => { choices.push({ kind: 'plain', pc: otherPc, at: otherAt, registers, bound: 0, test: null }) }
  for (;;) {
    if (--steps.left < 0) throw budgetExceeded('a regular expression took too many steps')
    const instruction = instructions[pc]
    let ok = true
    switch (instruction?.op) {
      case 'char':
        if (at < end && instruction.test(codes[at] ?? -1)) { at++; pc++ } else ok = false
        break
      case 'run': {
        const most = Math.min(end - at, instruction.max)
        const wanted = instruction.mode === 'lazy' ? Math.min(instruction.min, most) : most
        let count = 0
        while (count < wanted && instruction.test(codes[at + count] ?? -1)) count++
        steps.left -= count >> 2
        if (count < instruction.min) { ok = false; break }
        if (instruction.mode === 'greedy' && count > instruction.min) choices.push({ kind: 'greedy', pc: pc + 1, at: at + count, registers, bound: at + instruction.min, test: null })
        if (instruction.mode === 'lazy' && count < most) choices.push({ kind: 'lazy', pc: pc + 1, at: at + count, registers, bound: at + most, test: instruction.test })
        at += count
        pc++
        break
      }
      case 'at': if (holds(machine, instruction.node, at)) pc++; else ok = false; break
      case 'split': choose(instruction.second, at); pc = instruction.first; break
      case 'jump': pc = instruction.to; break
      case 'save': registers = registers.slice(); registers[instruction.register] = at; pc++; break
      case 'reset': registers = registers.slice(); registers[instruction.counter] = 0; registers[instruction.counter + 1] = -1; pc++; break
      case 'loop': {
        const count = registers[instruction.counter] ?? 0
        const again = count < instruction.min || ((instruction.max === MAX_REPEAT || count < instruction.max) && registers[instruction.counter + 1] !== at)
        if (!again) { pc = instruction.exit; break }
        const next = registers.slice()
        next[instruction.counter] = count + 1
        if (count >= instruction.min) {
          next[instruction.counter + 1] = at
          if (instruction.lazy) {
            choices.push({ kind: 'plain', pc: instruction.body, at, registers: next, bound: 0, test: null })
            pc = instruction.exit
            break
          }
          choose(instruction.exit, at)
        }
        registers = next
        pc = instruction.body
        break
      }
      case 'backref': {
        const length = backref(machine, registers, instruction, at)
        if (length === null) ok = false
        else { at += length; pc++ }
        break
      }
      case 'look': {
        const from = instruction.behind === null ? at : at - instruction.behind
        const bound = at
        const found = from < 0 ? null : run(machine, instruction.body, from, registers, to => instruction.behind === null || to === bound)
        if ((found === null) !== instruction.negative) { ok = false; break }
        if (found !== null) registers = found.registers
        pc = instruction.exit
        break
      }
      case 'atomic': {
        const found = run(machine, instruction.body, at, registers, () => true)
        if (found === null) { ok = false; break }
        at = found.at
        registers = found.registers
        pc = instruction.exit
        break
      }
      case 'conditional': pc = (registers[instruction.group * 2 + 1] ?? -1) >= 0 ? instruction.yes : instruction.no; break
      default:
        if (accept(at)) return { at, registers }
        ok = false
    }
    if (ok) continue
    const choice = back(choices, codes)
    if (choice === null) return null
    ;({ pc, at, registers } = choice)
  }
}

/** The last choice that is still open, moved on by one. */
function back(choices: Choice[], codes: readonly number[]): { pc: number; at: number; registers: number[] } | null {
  for (;;) {
    const choice = choices[choices.length - 1]
    if (choice === undefined) return null
    const { pc, registers } = choice
    if (choice.kind === 'plain') {
      choices.pop()
      return choice
    }
    if (choice.kind === 'greedy') {
      const at = --choice.at
      if (at <= choice.bound) choices.pop()
      return { pc, at, registers }
    }
    if (choice.test?.(codes[choice.at] ?? -1)) {
      const at = ++choice.at
      if (at >= choice.bound) choices.pop()
      return { pc, at, registers }
    }
    choices.pop()
  }
}

function holds({ codes, end }: Machine, { where, ascii }: RegexNode & { kind: 'at' }, at: number): boolean {
  switch (where) {
    case 'start': return at === 0
    case 'lineStart': return at === 0 || codes[at - 1] === 10
    case 'end': return at === end || (at === end - 1 && codes[at] === 10)
    case 'lineEnd': return at === end || codes[at] === 10
    case 'textEnd': return at === end
    default: {
      if (end === 0 && where === 'notBoundary') return false
      const before = at > 0 && isWord(codes[at - 1] ?? 0, ascii)
      const after = at < end && isWord(codes[at] ?? 0, ascii)
      return (before !== after) === (where === 'boundary')
    }
  }
}

/** The length of the text that the group matched, when it stands here again; null when it does not, or the group did not match. */
function backref({ codes, end }: Machine, registers: readonly number[], { group, ignoreCase }: Instruction & { op: 'backref' }, at: number): number | null {
  const from = registers[group * 2] ?? -1
  const to = registers[group * 2 + 1] ?? -1
  if (from < 0 || to < from || at + to - from > end) return null
  for (let i = 0; i < to - from; i++) {
    const a = codes[from + i] ?? 0
    const b = codes[at + i] ?? 0
    if (a !== b && !(ignoreCase && lowerCode(a) === lowerCode(b))) return null
  }
  return to - from
}
