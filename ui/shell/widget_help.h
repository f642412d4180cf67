#pragma once

class QWidget;

namespace tomoloupe {

/// Gives every widget below `root` that takes keys or clicks a name for screen readers and a tool tip where it has none
/// yet: from the label it is the buddy of, else from one list of sentences by object name.
void describeWidgets(QWidget* root);

}  // namespace tomoloupe
