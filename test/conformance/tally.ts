// Counts verdicts and groups differences by rule, for one table at the end. Printing only; it decides nothing but the exit code.

import type { Verdict } from './fields.ts'

export interface Example { readonly where: string; readonly dbt: unknown; readonly ours: unknown }

export interface Tally {
  add(project: string, verdict: Verdict): void
  differ(rule: string, example: Example): void
  note(text: string): void
  /** Prints the tables; true when nothing differed. */
  print(unit: string): boolean
}

/** Examples of each rule; SHOWN=99 shows all. */
const SHOWN = Number(process.env['SHOWN'] ?? 3)
const WIDTH = Number(process.env['WIDTH'] ?? 160)

export function tally(): Tally {
  const projects = new Map<string, Record<Verdict, number>>()
  const rules = new Map<string, Example[]>()
  const notes: string[] = []
  return {
    add(project, verdict) {
      const row = projects.get(project) ?? { equal: 0, unknown: 0, known: 0, different: 0 }
      row[verdict]++
      projects.set(project, row)
    },
    differ(rule, example) {
      const list = rules.get(rule)
      if (list) list.push(example)
      else rules.set(rule, [example])
    },
    note: (text) => { notes.push(text) },
    print(unit) {
      const all = { equal: 0, unknown: 0, known: 0, different: 0 }
      console.log(`${'project'.padEnd(44)}${unit.padStart(8)}   equal unknown   known different`)
      for (const [name, row] of projects) {
        for (const verdict of Object.keys(all) as Verdict[]) all[verdict] += row[verdict]
        if (projects.size <= 40 || row.different > 0) console.log(line(name, row))
      }
      console.log(line('total', all))
      for (const [rule, examples] of [...rules].sort((a, b) => b[1].length - a[1].length)) {
        console.log(`\n${String(examples.length).padStart(5)} × ${rule}`)
        for (const example of examples.slice(0, SHOWN)) console.log(`        ${example.where}\n          dbt:  ${short(example.dbt)}\n          ours: ${short(example.ours)}`)
      }
      for (const text of notes) console.log(`note: ${text}`)
      return all.different === 0 && rules.size === 0
    },
  }
}

function line(name: string, row: Record<Verdict, number>): string {
  const total = row.equal + row.unknown + row.known + row.different
  return `${name.padEnd(44)}${String(total).padStart(8)}${String(row.equal).padStart(8)}${String(row.unknown).padStart(8)}${String(row.known).padStart(8)}${String(row.different).padStart(10)}`
}

function short(value: unknown): string {
  const text = value === undefined ? '(nothing)' : JSON.stringify(value)
  return text.length > WIDTH ? `${text.slice(0, WIDTH)}…` : text
}
