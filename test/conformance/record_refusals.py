"""Writes what real dbt says of the projects of test/fixtures/refusals/cases.txt: python record_refusals.py VENVS [--only NAME…].

dbt-1.12.json: {case: {target: {"error": text|null, "warnings": [[event, text], …], "findings": [what it says before "Semantic Manifest
validation failed.", …]}}}, for DuckDB, of whose projects dbt does not look at
its JSON schemas, and Snowflake, of whose it does; what both targets say alike stands once, under "all". dbt-2.json: {case: [{code, path, line,
column, message}, …]}. Run by hand when cases.txt changes; the files are committed. `--answer TARGET` is the inner process, run by each dbt's Python.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
REFUSALS = HERE.parent / 'fixtures' / 'refusals'
# MFConverterIssue: what a document of another format, written beside the manifest, cannot say.
SILENT = {'DeprecationsSummary', 'FoundStats', 'MFConverterIssue'}


def cases() -> dict[str, dict[str, str]]:
    """{case: {path: text}}, the files of `base` beneath, the marks of places taken out."""
    found: dict[str, dict[str, str]] = {}
    lines: list[str] = []
    for line in (REFUSALS / 'cases.txt').read_text().split('\n'):
        if line.startswith('## '):
            found[line[3:].strip()] = {}
            path = 'models/s.yml'
        elif line.startswith('//- '):
            path = line[4:].strip()
        elif found and (line or path in found[next(reversed(found))]):
            files = found[next(reversed(found))]
            files[path] = files.get(path, '') + line.replace('⟦', '').replace('⟧', '') + '\n'
    base = found.pop('base')
    return {name: {**base, **files} for name, files in found.items()}


def lay_out(files: dict[str, str], root: Path) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def answer_1(targets: list[str], wanted: set[str]) -> None:
    """One line of JSON a case: {case, target, error, warnings}."""
    sys.path.insert(0, str(HERE))
    from dbt.cli.main import dbtRunner
    from real_dbt import STEADY

    out = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)
    os.environ.update(STEADY)
    for name, files in cases().items():
        if wanted and name not in wanted:
            continue
        for target in targets:
            with tempfile.TemporaryDirectory(prefix='dbt-refusal-') as place:
                lay_out(files, Path(place))
                os.chdir(place)
                warnings: list[list[str]] = []
                findings: list[str] = []

                def listen(event: Any) -> None:
                    if event.info.level == 'warn' and event.info.name not in SILENT:
                        warnings.append([event.info.name, event.info.msg])
                    if event.info.level == 'error' and event.info.name == 'SemanticValidationFailure':
                        findings.append(event.info.msg.removeprefix('[WARNING]: '))

                outcome = dbtRunner(callbacks=[listen]).invoke(
                    ['--quiet', 'parse', '--show-all-deprecations', '--project-dir', place, '--profiles-dir', place, '--target', target])
                error = None if outcome.success else str(outcome.exception)
                os.chdir('/')
                clean = lambda text: re.sub(r'\x1b\[\d*m', '', text.replace(os.path.realpath(place), '<root>').replace(place, '<root>'))
                out.write(json.dumps({'case': name, 'target': target, 'error': error and clean(error),
                                      'warnings': [[kind, ' '.join(clean(text).split())] for kind, text in warnings],
                                      **({'findings': [' '.join(clean(text).split()) for text in findings]} if findings else {})}) + '\n')
                out.flush()


FINDING = re.compile(r'^\[(error|warning)\] \[(\w+) \((dbt\d+)\)\]: (.*?)(?=\n\[(?:error|warning)\]|\nsuggestion|\n=====|\Z)', re.M | re.S)


def answer_2(dbt: Path, wanted: set[str]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for name, files in cases().items():
        if wanted and name not in wanted:
            continue
        with tempfile.TemporaryDirectory(prefix='dbt-refusal-') as place:
            lay_out(files, Path(place))
            done = subprocess.run([dbt, 'parse', '--project-dir', place, '--profiles-dir', place], cwd=place, capture_output=True, text=True,
                                  stdin=subprocess.DEVNULL, timeout=120, env={**os.environ, 'RUST_BACKTRACE': '0', 'DO_NOT_TRACK': '1'})
            text = re.sub(r'\x1b\[\d*m', '', done.stdout + done.stderr).replace(place, '<root>')
            answers[name] = {'exit': done.returncode, 'findings': [finding(*match.groups()) for match in FINDING.finditer(text)]}
            if done.returncode and not answers[name]['findings']:
                answers[name]['text'] = text.strip()[-400:]
    return answers


def finding(severity: str, kind: str, code: str, rest: str) -> dict[str, Any]:
    at = re.search(r'^\s*--> (.+?):(\d+):(\d+)', rest, re.M)
    message = re.split(r'\n\s*(?:-->|0: )', rest)[0]
    result: dict[str, Any] = {'severity': severity, 'code': code, 'kind': kind, 'message': ' '.join(message.split())}
    if at:
        result |= {'path': at[1], 'line': int(at[2]), 'column': int(at[3])}
    return result


def main() -> None:
    arguments = sys.argv[1:]
    wanted = set(arguments[arguments.index('--only') + 1:]) if '--only' in arguments else set()
    if arguments[0] == '--answer':
        answer_1(arguments[1].split(','), wanted)
        return
    venvs = Path(arguments[0])
    done = subprocess.run([venvs / 'dbt-1.12-adapters' / 'bin' / 'python', __file__, '--answer', 'duck,snow', '--only', *wanted],
                          text=True, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-4000:])
    answers: dict[str, dict[str, Any]] = {}
    for line in done.stdout.splitlines():
        said = json.loads(line)
        answers.setdefault(said.pop('case'), {})[said.pop('target')] = said
    write('dbt-1.12.json', {name: {'all': said['duck']} if said['duck'] == said['snow'] else said for name, said in answers.items()}, wanted)
    write('dbt-2.json', answer_2(venvs / 'dbt-2' / 'bin' / 'dbt-2', wanted), wanted)


def write(file: str, answers: dict[str, Any], wanted: set[str]) -> None:
    path = REFUSALS / file
    if wanted and path.exists():
        answers = {**json.loads(path.read_text()), **answers}
    lines = [f'{json.dumps(name)}: {json.dumps(answers[name], ensure_ascii=False)}' for name in cases() if name in answers]
    path.write_text('{\n' + ',\n'.join(lines) + '\n}\n')


if __name__ == '__main__':
    main()
