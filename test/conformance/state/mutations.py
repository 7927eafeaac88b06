"""Real dbt's `state:` answers for many edits of one project: mutations.py PROJECT STATE_DIRECTORY [TARGET] < jobs > answers.

Each job is {id, edits, selections: [[select, exclude]]}; the project is parsed anew for every job (no partial parse) and dbt's own
NodeSelector answers over it, with the state that this script makes first: dbt's manifest of the unedited project, of TARGET. Answers are
{id, exit, error, answers: [[ids] or the error's text]}. Must not correct or guess anything dbt says.
"""
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from real_dbt import SKIPPED, apply_edit, invoke  # noqa: E402


def main() -> None:
    source, state = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    out = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)
    jobs = [json.loads(line) for line in sys.stdin if line.strip()]
    with tempfile.TemporaryDirectory(prefix='dbt-mutate-') as temporary:
        place = Path(temporary)
        clean, root = place / 'clean' / source.name, place / source.name
        shutil.copytree(source, clean, ignore=SKIPPED, symlinks=False, ignore_dangling_symlinks=True)
        renew(clean, root)
        parsed = parse(root, place, ['--target', sys.argv[3]] if len(sys.argv) > 3 else [])
        if parsed.exit:
            raise SystemExit(f'{source.name} does not parse: {parsed.error}')
        state.mkdir(parents=True, exist_ok=True)
        shutil.copy(place / 'out' / 'manifest.json', state / 'manifest.json')
        previous = previous_state(state, place, root)
        for job in jobs:
            try:
                answer = answered(job, root, place, previous)
            except Exception as problem:  # an edit must not cost the next ones their answer
                answer = {'exit': 3, 'error': f'{type(problem).__name__}: {problem}'}
            out.write(json.dumps({'id': job['id'], **answer}) + '\n')
            out.flush()
            renew(clean, root)


def renew(clean: Path, root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(clean, root)


def parse(root: Path, place: Path, more: list[str] = []):
    return invoke(['parse', *more, '--no-partial-parse', '--project-dir', str(root), '--profiles-dir', str(root), '--target-path', str(place / 'out')], root)


def previous_state(state: Path, place: Path, root: Path):
    from dbt.contracts.state import PreviousState
    return PreviousState(state_path=state, target_path=place / 'out', project_root=root)


def answered(job: dict, root: Path, place: Path, previous) -> dict:
    from dbt.compilation import Linker
    from dbt.graph import Graph
    from dbt.graph.cli import parse_difference
    from dbt.graph.selector import ResourceTypeSelector
    from dbt.node_types import NodeType
    from dbt_common.exceptions import DbtBaseException

    for edit in job['edits']:
        apply_edit(root, edit)
    parsed = parse(root, place)
    if parsed.exit:
        return {'exit': parsed.exit, 'error': (parsed.error or '').replace(str(place), '<tmp>')}
    manifest = parsed.result
    linker = Linker()
    linker.link_graph(manifest)
    # `ls --resource-type all`: task/list.py ListTask.ALL_RESOURCE_VALUES and unit tests
    from dbt.task.list import ListTask
    selector = ResourceTypeSelector(graph=Graph(linker.graph), manifest=manifest, previous_state=previous, resource_types=list(ListTask.ALL_RESOURCE_VALUES), include_empty_nodes=True)
    answers = []
    for select, exclude in job['selections']:
        try:
            answers.append(sorted(selector.get_selected(parse_difference(select, exclude))))
        except DbtBaseException as error:
            answers.append(str(error))
    return {'exit': 0, 'error': None, 'answers': answers}


if __name__ == '__main__':
    main()
