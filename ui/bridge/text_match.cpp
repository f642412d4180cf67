#include "ui/bridge/text_match.h"

#include <QStringList>
#include <algorithm>

namespace tomoloupe {
namespace {

constexpr int kWhole = 120, kPrefix = 100, kWithin = 60, kLetters = 40;

/// Lower case without accents.
QString plain(const QString& text) {
    QString letters;
    for (const QChar c : text.normalized(QString::NormalizationForm_D)) {
        if (!c.isMark()) letters.append(c.toCaseFolded());
    }
    return letters;
}

bool startsWord(const QString& text, qsizetype at) {
    return at == 0 || !text[at - 1].isLetterOrNumber();
}

qsizetype wordEnd(const QString& text, qsizetype at) {
    while (at < text.size() && text[at].isLetterOrNumber()) ++at;
    return at;
}

/// Letters in order from a given start; every letter that is not the next one or the start of a word costs.
int lettersFrom(const QString& word, const QString& text, qsizetype start) {
    int score = kLetters;
    qsizetype at = start;
    for (const QChar letter : word) {
        qsizetype found = text.indexOf(letter, at);
        if (found < 0) return -1;
        if (found != at && !startsWord(text, found)) {
            qsizetype better = found;  // the next one at the start of a word is what initials mean
            while (better >= 0 && !startsWord(text, better)) better = text.indexOf(letter, better + 1);
            if (better >= 0) found = better;
        }
        if (found != at)
            score -= startsWord(text, found) ? 2 : 4 + static_cast<int>(std::min<qsizetype>(found - at, 8));
        at = found + 1;
    }
    return std::max(score, -1);
}

int wordScore(const QString& word, const QString& text) {
    int best = -1;
    int place = 0;  // words at the front count more
    for (qsizetype at = 0; at < text.size(); ++at) {
        if (!startsWord(text, at) || !text[at].isLetterOrNumber()) continue;
        if (text.mid(at, word.size()) == word) {
            const bool whole = wordEnd(text, at) - at == word.size();
            best = std::max(best, (whole ? kWhole : kPrefix) - std::min(place, 10));
        } else {
            best = std::max(best, lettersFrom(word, text, at));
        }
        ++place;
    }
    if (best < kWithin && text.contains(word)) best = kWithin;
    return best;
}

}  // namespace

int matchScore(const QString& typed, const QString& text) {
    const QString within = plain(text);
    int score = 0;
    for (const QString& word : plain(typed).split(QChar(' '), Qt::SkipEmptyParts)) {
        const int found = wordScore(word, within);
        if (found < 0) return -1;
        score += found;
    }
    return score;
}

}  // namespace tomoloupe
