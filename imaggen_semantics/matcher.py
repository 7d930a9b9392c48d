"""From a scene and an utterance to the plan of gestures."""

from __future__ import annotations

from imaggen_perception.scene import Scene
from imaggen_semantics.choice import GestureChooser
from imaggen_semantics.config import MatcherConfig
from imaggen_semantics.linking import create_linker
from imaggen_semantics.mentions import find_mentions
from imaggen_semantics.plan import GesturePlan
from imaggen_semantics.vocabulary import load_lexicon
from imaggen_semantics.words import analyze_words
from imaggen_speech.utterance import Utterance


def match(
    scene: Scene, utterance: Utterance, *, config: MatcherConfig | None = None
) -> GesturePlan:
    """Plan which gestures show what the words leave out.

    The same scene, utterance and configuration always give the same plan.

    Args:
        scene: what is seen; without objects the plan has no gestures.
        utterance: what is said, with the time of every word.
        config: how to match; None: the defaults.

    Raises:
        SemanticsError: when there is no lexicon for the utterance's language.
    """
    config = config or MatcherConfig()
    lexicon = load_lexicon(utterance.language)
    mentions = find_mentions(analyze_words(utterance, lexicon), lexicon)
    links = create_linker(config.linker, lexicon).link(mentions, scene)
    gestures, dropped = GestureChooser(scene, utterance, lexicon, config).choose(links)
    return GesturePlan(
        scene=scene,
        gestures=gestures,
        dropped=dropped,
        utterance_id=utterance.id,
        viewpoint=config.viewpoint,
    )
