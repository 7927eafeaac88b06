"""What real dbt's `state:` selectors answer for single edits of a project. Writes test/fixtures/state/{base.json,cases.json}: the manifest
of the unedited project, and for each edit the entries of the manifest that it changed, with dbt's answers {selector: ids | error}
and the contracts it warned of. Needs dbt 1.12 and dbt-duckdb. Nothing of it comes from us.
"""
import json
import shutil
import sys
import tempfile
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt.contracts.graph import nodes
from dbt.contracts.state import PreviousState
from dbt.graph.selector_methods import StateSelectorMethod
from dbt_common.exceptions import DbtRuntimeError
from edits import EDITS, EXTRA

HERE = Path(__file__).parent
PROJECT = HERE.parent / 'select' / 'project'
OUT = HERE.parent.parent / 'fixtures' / 'state'
CHECKS = ['new', 'modified', 'modified.body', 'modified.configs', 'modified.persisted_descriptions', 'modified.relation', 'modified.macros', 'modified.contract']
SECTIONS = ('nodes', 'sources', 'exposures', 'metrics', 'semantic_models', 'saved_queries', 'unit_tests', 'functions', 'groups', 'disabled', 'macros')
DROPPED = ('compiled_code', 'compiled', 'root_path', 'build_path', 'compiled_path')


def main() -> None:
    place = Path(tempfile.mkdtemp())
    base = make(place / 'base', {})
    state = place / 'state'
    state.mkdir()
    before, _ = parse(base)
    shutil.copy(base / 'target' / 'manifest.json', state)
    previous = PreviousState(state_path=state, target_path=Path('target'), project_root=base)
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / 'base.json').write_text(json.dumps(before))
    cases = []
    only = sys.argv[1:]
    for name, edits in EDITS.items():
        if only and name not in only:
            continue
        root = make(place / name, edits)
        try:
            after, manifest = parse(root)
        except AssertionError as error:
            print(f'{name}: does not parse: {error}', file=sys.stderr)
            continue
        answers, warnings = ask(manifest, previous)
        cases.append({'name': name, 'changed': delta(before, after), 'answers': answers, 'warnings': sorted(set(warnings))})
        shutil.rmtree(root)
        (OUT / 'cases.json').write_text('[\n' + ',\n'.join(json.dumps(case) for case in cases) + '\n]\n')
        print('.', end='', file=sys.stderr, flush=True)
    shutil.rmtree(place)
    print(f'\n{len(cases)} edits', file=sys.stderr)


def make(root: Path, edits: dict) -> Path:
    shutil.copytree(PROJECT, root)
    for path, text in EXTRA.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    for path, edit in edits.items():
        file = root / path
        if edit is None:
            file.unlink()
        elif isinstance(edit, tuple):
            text = file.read_text()
            assert edit[0] in text, (path, edit)
            file.write_text(text.replace(edit[0], edit[1], 1), newline='')
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(edit)
    installed = root / 'dbt_packages'
    installed.mkdir()
    (installed / 'tides').symlink_to(root / 'packages_local' / 'tides')
    return root


def flags(root: Path) -> list[str]:
    return ['--project-dir', str(root), '--profiles-dir', str(root), '--quiet', '--no-partial-parse']


def parse(root: Path):
    answer = dbtRunner().invoke(['parse', *flags(root)])
    assert answer.success, answer.exception
    return reduced(json.loads((root / 'target' / 'manifest.json').read_text())), answer.result


def ask(manifest, previous):
    """dbt's own selector method, called as NodeSelector calls it, over all enabled members of the graph."""
    members = {uid for section in SECTIONS[:8] for uid, node in getattr(manifest, section).items() if getattr(node, 'config', None) is None or node.config.enabled}
    answers, warnings = {}, []
    for check in CHECKS:
        method = StateSelectorMethod(manifest, previous, [])
        nodes.fire_or_defer_event = lambda event, **_: note(event, warnings if check == 'modified' else [])
        try:
            answers[check] = sorted(method.search(members, check))
        except DbtRuntimeError as error:
            answers[check] = str(error)
    return answers, warnings


def note(event, warnings: list[str]) -> None:
    if type(event).__name__ == 'UnversionedBreakingChange':
        warnings.append(event.model_name)


def reduced(manifest: dict) -> dict:
    kept = {key: clean(manifest[key]) for key in SECTIONS}
    kept['macros'] = {uid: macro for uid, macro in kept['macros'].items() if not uid.startswith(('macro.dbt.', 'macro.dbt_duckdb.'))}
    return {'metadata': {key: manifest['metadata'].get(key) for key in ('dbt_schema_version', 'dbt_version', 'adapter_type', 'project_name')}, **kept}


def clean(value):
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items() if key not in DROPPED and key != 'created_at'}
    return [clean(item) for item in value] if isinstance(value, list) else value


def delta(before: dict, after: dict) -> dict:
    changed = {}
    for section in SECTIONS:
        ids = {uid: after[section].get(uid) for uid in {**before[section], **after[section]} if before[section].get(uid) != after[section].get(uid)}
        if ids:
            changed[section] = ids
    return changed


if __name__ == '__main__':
    main()
