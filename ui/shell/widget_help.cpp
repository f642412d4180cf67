#include "ui/shell/widget_help.h"

#include <QAbstractButton>
#include <QCoreApplication>
#include <QHash>
#include <QLabel>

namespace tomoloupe {
namespace {

struct Sentence {
    const char* name;  ///< of the widget, from the point on where forms put theirs before it
    const char* words;
    const char* help;
};

// clang-format off
constexpr Sentence kSentences[] = {
    {"startDemo", "", QT_TRANSLATE_NOOP("WidgetHelp", "A ready project; its particles are simulated the first time")},
    {"startOpenProject", "", QT_TRANSLATE_NOOP("WidgetHelp", "A folder NAME.tomoloupe")},
    {"startNewProject", "", QT_TRANSLATE_NOOP("WidgetHelp", "Makes an empty project folder")},
    {"startOpenTomogram", "", QT_TRANSLATE_NOOP("WidgetHelp", "Slices and surface of one file, without a project")},
    {"addTomogramButton", "", QT_TRANSLATE_NOOP("WidgetHelp", "Notes a tomogram in the project; the file stays where it is")},
    {"pickAddTomogram", "", QT_TRANSLATE_NOOP("WidgetHelp", "Notes a tomogram in the project; the file stays where it is")},
    {"contrastInvert", "", QT_TRANSLATE_NOOP("WidgetHelp", "Dark density light, and light density dark")},
    {"contrastSlider", QT_TRANSLATE_NOOP("WidgetHelp", "Contrast"), QT_TRANSLATE_NOOP("WidgetHelp", "What is black and what is white")},
    {"showParticles", "", QT_TRANSLATE_NOOP("WidgetHelp", "Circles around the particles of all sets")},
    {"surfaceLevel", QT_TRANSLATE_NOOP("WidgetHelp", "Level of the surface"), QT_TRANSLATE_NOOP("WidgetHelp", "Density at which the surface lies, in standard deviations over the mean")},
    {"galleryFilter", QT_TRANSLATE_NOOP("WidgetHelp", "Particles shown"), QT_TRANSLATE_NOOP("WidgetHelp", "Which particles are shown")},
    {"galleryList", "", QT_TRANSLATE_NOOP("WidgetHelp", "A table of the particles in place of tiles")},
    {"galleryTileSize", QT_TRANSLATE_NOOP("WidgetHelp", "Size of the tiles"), QT_TRANSLATE_NOOP("WidgetHelp", "Size of the tiles")},
    {"importButton", "", QT_TRANSLATE_NOOP("WidgetHelp", "A folder with one subtomogram a file becomes a particle set")},
    {"pretrainButton", "", QT_TRANSLATE_NOOP("WidgetHelp", "Learn from the particles without labels")},
    {"finetuneButton", "", QT_TRANSLATE_NOOP("WidgetHelp", "Learn the classes from the labels there are")},
    {"predictButton", QT_TRANSLATE_NOOP("WidgetHelp", "Predict"), QT_TRANSLATE_NOOP("WidgetHelp", "Let this run say the class of every particle")},
    {"importRunButton", "", QT_TRANSLATE_NOOP("WidgetHelp", "Copies a run's folder from a cluster or another project into this one")},
    {"resumeButton", QT_TRANSLATE_NOOP("WidgetHelp", "Resume"), QT_TRANSLATE_NOOP("WidgetHelp", "Go on from the last checkpoint")},
    {"startPretrain", "", QT_TRANSLATE_NOOP("WidgetHelp", "Starts in the background; the window stays free")},
    {"startFinetune", "", QT_TRANSLATE_NOOP("WidgetHelp", "Starts in the background; the window stays free")},
    {"moreOptions", "", QT_TRANSLATE_NOOP("WidgetHelp", "Options that seldom need a change")},
    {"set", QT_TRANSLATE_NOOP("WidgetHelp", "Particle set"), QT_TRANSLATE_NOOP("WidgetHelp", "The particles to learn from")},
    {"from", QT_TRANSLATE_NOOP("WidgetHelp", "Starts from"), QT_TRANSLATE_NOOP("WidgetHelp", "The run whose weights it begins with")},
    {"seed", QT_TRANSLATE_NOOP("WidgetHelp", "Seed"), QT_TRANSLATE_NOOP("WidgetHelp", "The same seed gives the same run again")},
    {"explainButton", "", QT_TRANSLATE_NOOP("WidgetHelp", "Heat over the particle: where the network looks")},
    {"explainStart", "", QT_TRANSLATE_NOOP("WidgetHelp", "Heat over the current particle: where the network looks")},
    {"explainGoToTraining", "", QT_TRANSLATE_NOOP("WidgetHelp", "To the page where a network is taught")},
    {"explainModel", QT_TRANSLATE_NOOP("WidgetHelp", "Run that is explained"), QT_TRANSLATE_NOOP("WidgetHelp", "The fine-tuned run whose network is looked into")},
    {"explainMethod", QT_TRANSLATE_NOOP("WidgetHelp", "Method"), QT_TRANSLATE_NOOP("WidgetHelp", "How the heat is computed")},
    {"explainClass", QT_TRANSLATE_NOOP("WidgetHelp", "Class that is explained"), QT_TRANSLATE_NOOP("WidgetHelp", "The class whose evidence is shown")},
    {"explainLevel", QT_TRANSLATE_NOOP("WidgetHelp", "Level of the surface"), QT_TRANSLATE_NOOP("WidgetHelp", "Density at which the surface lies")},
    {"explainOpacity", QT_TRANSLATE_NOOP("WidgetHelp", "Opacity of the heat"), QT_TRANSLATE_NOOP("WidgetHelp", "How much of the slice the heat covers")},
    {"explainThreshold", QT_TRANSLATE_NOOP("WidgetHelp", "Threshold of the heat"), QT_TRANSLATE_NOOP("WidgetHelp", "Heat below this is not shown")},
    {"pickTab", "", QT_TRANSLATE_NOOP("WidgetHelp", "Find particles")},
    {"extractTab", "", QT_TRANSLATE_NOOP("WidgetHelp", "Cut boxes around the particles of a set")},
    {"pickTomogram", QT_TRANSLATE_NOOP("WidgetHelp", "Tomogram"), QT_TRANSLATE_NOOP("WidgetHelp", "The tomogram that is picked in")},
    {"pickShow", "", QT_TRANSLATE_NOOP("WidgetHelp", "To the tomogram with what was found")},
    {"pickStart", "", QT_TRANSLATE_NOOP("WidgetHelp", "Picks the whole tomogram in the background")},
    {"pickThenExtract", "", QT_TRANSLATE_NOOP("WidgetHelp", "On to cutting boxes around what was found")},
    {"extractStart", "", QT_TRANSLATE_NOOP("WidgetHelp", "Cuts the boxes in the background")},
    {"simulateStart", "", QT_TRANSLATE_NOOP("WidgetHelp", "Makes the particles in the background")},
    {"filterColumn", QT_TRANSLATE_NOOP("WidgetHelp", "Column"), QT_TRANSLATE_NOOP("WidgetHelp", "A column of the file the particles came from")},
    {"filterColumnFrom", QT_TRANSLATE_NOOP("WidgetHelp", "From"), QT_TRANSLATE_NOOP("WidgetHelp", "Least value of the column")},
    {"filterColumnTo", QT_TRANSLATE_NOOP("WidgetHelp", "To"), QT_TRANSLATE_NOOP("WidgetHelp", "Largest value of the column")},
    {"filterColumnText", QT_TRANSLATE_NOOP("WidgetHelp", "Words"), QT_TRANSLATE_NOOP("WidgetHelp", "Words that the column holds")},
    {"filterConfidenceFrom", QT_TRANSLATE_NOOP("WidgetHelp", "Confidence from"), QT_TRANSLATE_NOOP("WidgetHelp", "Least probability of the model's best class")},
    {"filterConfidenceTo", QT_TRANSLATE_NOOP("WidgetHelp", "Confidence to"), QT_TRANSLATE_NOOP("WidgetHelp", "Largest probability of the model's best class")},
    {"filterScoreFrom", QT_TRANSLATE_NOOP("WidgetHelp", "Score from"), QT_TRANSLATE_NOOP("WidgetHelp", "Least score of picking")},
    {"filterScoreTo", QT_TRANSLATE_NOOP("WidgetHelp", "Score to"), QT_TRANSLATE_NOOP("WidgetHelp", "Largest score of picking")},
    {"filterClear", "", QT_TRANSLATE_NOOP("WidgetHelp", "Shows all particles again")},
    {"showSlice", "", QT_TRANSLATE_NOOP("WidgetHelp", "One slice through the middle")},
    {"showSlab", "", QT_TRANSLATE_NOOP("WidgetHelp", "The mean of slices about the middle")},
    {"showProjection", "", QT_TRANSLATE_NOOP("WidgetHelp", "The mean of the whole box")},
    {"showXY", "", QT_TRANSLATE_NOOP("WidgetHelp", "Seen along z")},
    {"showXZ", "", QT_TRANSLATE_NOOP("WidgetHelp", "Seen along y")},
    {"showYZ", "", QT_TRANSLATE_NOOP("WidgetHelp", "Seen along x")},
    {"showAll", "", QT_TRANSLATE_NOOP("WidgetHelp", "Along all three axes, beside each other")},
};
// clang-format on

QString translated(const char* text) {
    return QCoreApplication::translate("WidgetHelp", text);
}

void describe(QWidget* widget, const QString& words, const QString& help) {
    if (widget->accessibleName().isEmpty() && !words.isEmpty()) widget->setAccessibleName(words);
    if (widget->toolTip().isEmpty() && !help.isEmpty()) widget->setToolTip(help);
}

}  // namespace

void describeWidgets(QWidget* root) {
    for (const QLabel* label : root->findChildren<QLabel*>()) {
        if (QWidget* buddy = label->buddy())
            describe(buddy, label->text(), label->toolTip().isEmpty() ? label->text() : label->toolTip());
    }
    QHash<QString, const Sentence*> sentences;
    for (const Sentence& sentence : kSentences) sentences.insert(QString::fromLatin1(sentence.name), &sentence);
    for (QWidget* widget : root->findChildren<QWidget*>()) {
        const QString name = widget->objectName();
        const Sentence* sentence = sentences.value(name, sentences.value(name.section(QChar('.'), -1)));
        if (sentence) describe(widget, translated(sentence->words), translated(sentence->help));
        // A field without a name of its own is called what it helps with.
        if (widget->accessibleName().isEmpty() && !widget->toolTip().isEmpty() &&
            !qobject_cast<QAbstractButton*>(widget))
            widget->setAccessibleName(widget->toolTip());
    }
}

}  // namespace tomoloupe
