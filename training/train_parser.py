"""Train, finish and measure the bundled parser: ``make parser`` or ``python training/train_parser.py``.

Steps: convert the UD treebanks (``spacy convert``), train tagger and dependency parser (parser.cfg), add the table
from fine to coarse tags and the rule lemmatizer, measure, and write the model with its scores and attribution to
entente/coding/model. Needs `spacy` and, at build time only, `spacy-lookups-data`. About an hour on two cores.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.lookups import load_lookups
from spacy.tokens import Doc, DocBin
from spacy.training import Example

HERE = Path(__file__).parent
SPLITS = ("train", "dev", "news-test")

#: Tables of the rule lemmatizer; news verbs that its rules get wrong are added to the exceptions.
LEMMA_TABLES = ("lemma_rules", "lemma_exc", "lemma_index")
VERB_EXCEPTIONS = {"mobilised": "mobilise", "outlawed": "outlaw", "unbanned": "unban", "shelled": "shell"}

ATTRIBUTION = """# The bundled English parser

A spaCy pipeline (tagger, dependency parser, rule lemmatizer) trained by `training/train_parser.py` with
`training/parser.cfg` on Universal Dependencies treebanks:

- UD English EWT (CC BY-SA 4.0), Natalia Silveira, Timothy Dozat, Christopher Manning and others;
- UD English GUM (annotations CC BY 4.0; documents of the genres academic, bio, court, interview, news and voyage),
  Amir Zeldes and others.

The lemmatizer's tables come from spacy-lookups-data (MIT; derived from Princeton WordNet, WordNet licence).
The model is distributed under CC BY-SA 4.0. Its scores, on UD EWT's dev set and on UD English PUD (CC BY-SA 3.0,
used for testing only), are in `scores.json`.
"""


def convert(treebank: Path, work: Path) -> None:
    """Write {train,dev,news-test}.spacy: eight sentences a document, multiword tokens merged."""
    for split in SPLITS:
        source = treebank / f"{split}.conllu"
        command = ["convert", str(source), str(work), "-n", "8", "--merge-subtokens"]
        subprocess.run([sys.executable, "-m", "spacy", *command], check=True)


def train(work: Path) -> None:
    """Run ``spacy train``; the best model is left in work/out/model-best."""
    paths = ["--paths.train", str(work / "train.spacy"), "--paths.dev", str(work / "dev.spacy")]
    command = ["train", str(HERE / "parser.cfg"), "--output", str(work / "out"), *paths]
    subprocess.run([sys.executable, "-m", "spacy", *command], check=True)


def gold_sentences(path: Path, nlp: Language) -> Iterator[Doc]:
    """The sentences of a converted treebank, one document each."""
    for document in DocBin().from_disk(path).get_docs(nlp.vocab):
        for sentence in document.sents:
            yield sentence.as_doc()


def finish(nlp: Language, train_docs: list[Doc]) -> None:
    """Add the components that are not trained: coarse tags by table, lemmas by rule."""
    coarse: dict[str, Counter[str]] = defaultdict(Counter)
    for document in train_docs:
        for token in document:
            if token.tag_ and token.pos_:
                coarse[token.tag_][token.pos_] += 1
    ruler = nlp.add_pipe("attribute_ruler")
    for tag, counts in sorted(coarse.items()):
        # Auxiliaries share their tags with verbs; as verbs they get the right lemma all the same.
        pos = "VERB" if tag.startswith("VB") else counts.most_common(1)[0][0].split("_")[0]
        ruler.add([[{"TAG": tag}]], {"POS": pos})  # type: ignore[attr-defined]
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "rule", "overwrite": True})
    lookups = load_lookups("en", list(LEMMA_TABLES))
    exceptions = lookups.get_table("lemma_exc")
    verbs = dict(exceptions["verb"])
    verbs.update({form: [lemma] for form, lemma in VERB_EXCEPTIONS.items()})
    exceptions["verb"] = verbs
    lemmatizer.initialize(lookups=lookups)  # type: ignore[attr-defined]


def measure(nlp: Language, sentences: list[Doc]) -> dict[str, float]:
    """Tag accuracy, lemma accuracy (case-folded) and attachment scores on gold tokens, sentence by sentence."""
    examples, right, asked = [], 0, 0
    for gold in sentences:
        blank = Doc(nlp.vocab, [t.text for t in gold], [bool(t.whitespace_) for t in gold])
        for token in blank:
            token.is_sent_start = token.i == 0
        examples.append(Example(nlp(blank), gold))
        for mine, theirs in zip(examples[-1].predicted, gold, strict=True):
            if theirs.lemma_ and not theirs.is_punct:
                asked += 1
                right += mine.lemma_.casefold() == theirs.lemma_.casefold()
    scores = nlp.get_pipe("tagger").score(examples) | nlp.get_pipe("parser").score(examples)  # type: ignore[attr-defined]
    return {
        "sentences": len(sentences),
        "tag_acc": round(scores["tag_acc"], 4),
        "lemma_acc": round(right / max(1, asked), 4),
        "dep_uas": round(scores["dep_uas"], 4),
        "dep_las": round(scores["dep_las"], 4),
    }


def main() -> None:
    """Train (unless a trained model is given), finish, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--treebank", type=Path, default=HERE.parent.parent / "shared" / "data" / "treebank")
    parser.add_argument("--work", type=Path, default=HERE.parent / "build" / "parser")
    parser.add_argument("--out", type=Path, default=HERE.parent / "entente" / "coding" / "model")
    parser.add_argument("--trained", type=Path, help="finish this model instead of training one")
    args = parser.parse_args()
    load_lookups("en", list(LEMMA_TABLES))  # fails now, not after an hour, where spacy-lookups-data is missing
    args.work.mkdir(parents=True, exist_ok=True)
    if not all((args.work / f"{split}.spacy").exists() for split in SPLITS):
        convert(args.treebank, args.work)
    if args.trained is None:
        train(args.work)
    nlp = spacy.load(args.trained or args.work / "out" / "model-best")
    finish(nlp, list(gold_sentences(args.work / "train.spacy", nlp)))
    scores = {split: measure(nlp, list(gold_sentences(args.work / f"{split}.spacy", nlp))) for split in SPLITS[1:]}
    nlp.meta.update(name="entente_parser", license="CC BY-SA 4.0", author="", email="", url="", performance=scores)
    shutil.rmtree(args.out, ignore_errors=True)
    nlp.to_disk(args.out)
    (args.out / "scores.json").write_text(json.dumps(scores, indent=1) + "\n")
    (args.out / "README.md").write_text(ATTRIBUTION)
    print(json.dumps(scores, indent=1))


if __name__ == "__main__":
    main()
