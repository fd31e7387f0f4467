# SPDX-License-Identifier: Apache-2.0
"""What a caller hears when the agent has hung up first: "please rate this call by key".

His channel alone is left then: the talk, its recording and the agent's wrap-up ended with the agent's. A key that the
question does not have, no key in time, and hanging up are no answer.
"""

from .plan import Queue, Survey, SurveyQuestion, SwitchPlan
from .text import ConfFile


def context_of(queue: str) -> str:
    """The context to Gosub into, with the agent's code: of every queue, asked about or not."""
    return f"zuoxi-survey-{queue}"


def ask(queue: str, agent: str) -> str:
    """The step that asks; ``queue`` and ``agent`` may be expressions of the dial plan."""
    return f"Gosub({context_of(queue)},s,1({agent}))"


def contexts(conf: ConfFile, plan: SwitchPlan) -> None:
    for queue in plan.queues:
        _of_queue(conf, queue)


def _of_queue(conf: ConfFile, queue: Queue) -> None:
    conf.section(context_of(queue.name))
    if queue.survey is None:
        conf.steps("s", ["Return()"])
        return
    many = len(queue.survey.questions)
    agent = "Agent: ${FILTER(0-9,${ARG1})}"
    conf.steps(
        "s", [f"UserEvent(ZuoxiAsked,Questions: {many},Queue: {queue.name},{agent})", "Set(ZX_SAID=)", "Goto(ask1,1)"]
    )
    for number, question in enumerate(queue.survey.questions, 1):
        _question(conf, queue.survey, number, question, f"ask{number + 1}" if number < many else "end")
    conf.steps("end", ['GotoIf($["${ZX_SAID}" = ""]?out)', "Playback(zuoxi/thanks)", "out@Return()"])


def _question(conf: ConfFile, survey: Survey, number: int, question: SurveyQuestion, then: str) -> None:
    conf.steps(
        f"ask{number}",
        [
            f"Read(ZX_KEY,{question.prompt},1,,1,{survey.wait_seconds})",
            f"Goto(key{number}-${{FILTER(0-9,${{ZX_KEY}})}},1)",
        ],
    )
    conf.steps(f"key{number}-", [f"Goto({then},1)"])
    known = [key for key, _points, _means in question.keys]
    for key in "0123456789":
        if key not in known:
            conf.steps(f"key{number}-{key}", [f"Goto({then},1)"])
    for key, points, means in question.keys:
        said = [f"Question: {number}", f"Score: {points}", *([f"Means: {means}"] if means else [])]
        conf.steps(
            f"key{number}-{key}",
            [
                "Set(ZX_SAID=1)",
                f"UserEvent(ZuoxiSurvey,{','.join(said)},Agent: ${{FILTER(0-9,${{ARG1}})}})",
                f"Goto({then},1)",
            ],
        )
