#!/usr/bin/env python3
"""Each check of check.py is seen to pass a small good tree and to fail on one break of its rule."""
import os
import tempfile
import unittest

import check
import rules

GOOD = {
    "core/base/error.h": "#pragma once\n#include <string>\n",
    "core/io/reader.h": '#pragma once\n#include "core/base/error.h"\n',
    "core/io/reader.cpp": '#include "core/io/reader.h"\n#include <hdf5.h>\n#include <tiffio.h>\n',
    "core/nn/encoder.cpp": '#include "core/base/error.h"\n#include <ATen/core/Tensor.h>\n',
    "ui/panels/panel.cpp": "#include <QWidget>\n#include <vtkActor.h>\n",
    "ui/models/model.h": "#pragma once\n#include <QAbstractItemModel>\n",
    "docs/dev/architecture.md": "".join(f"| `{folder}/` | what this folder is for |\n" for folder in (
        "core", "core/base", "core/io", "core/nn", "ui", "ui/panels", "ui/models", "docs", "docs/dev")),
}


class CheckTest(unittest.TestCase):
    def breaks(self, name, changes):
        """What check `name` says of the good tree with the files of `changes` in it."""
        with tempfile.TemporaryDirectory() as root:
            for path, text in {**GOOD, **changes}.items():
                os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                    file.write(text)
            return list(check.CHECKS[name](root))

    def assert_caught(self, name, path, text, words):
        found = self.breaks(name, {path: text})
        self.assertTrue(any(words in line for line in found), f"{words!r} is not in {found}")

    def test_good_tree_passes(self):
        for name in check.CHECKS:
            self.assertEqual(self.breaks(name, {}), [])

    def test_upward_include(self):
        self.assert_caught("includes", "core/base/log.cpp", '#include "core/io/reader.h"\n', "core/base may not see core/io")
        self.assert_caught("includes", "core/io/x.cpp", '#include  "ui/models/model.h"\n', "core/io may not see ui/models")
        self.assert_caught("includes", "plugins/em/em.cpp", '#include "core/data/x.h"\n', "plugins may not see core/data")

    def test_circle(self):
        found = self.breaks("includes", {"core/base/a.h": '#pragma once\n#include "core/io/reader.h"\n'})
        self.assertIn("modules include each other in a circle: core/base -> core/io -> core/base", found)

    def test_unknown_module_missing_file_and_use_of_tests(self):
        self.assert_caught("includes", "core/news/a.cpp", "\n", "core/news has no entry")
        self.assert_caught("includes", "core/io/a.cpp", '#include "core/io/gone.h"\n', "there is no such file")
        self.assert_caught("includes", "core/io/a.cpp", '#include "tests/support/support.h"\n', "does not use its tests")

    def test_libraries(self):
        for path, include, words in [
                ("core/io/a.cpp", "<QString>", "core/io may not see Qt"),
                ("core/nn/a.cpp", "<QtCore/QString>", "core/nn may not see Qt"),
                ("core/volume/a.h", "<vtkImageData.h>", "core/volume may not see VTK"),
                ("ui/models/a.cpp", "<vtkActor.h>", "ui/models may not see VTK"),
                ("ui/render/a.cpp", "<QWidget>", "ui/render may not see Qt"),
                ("ui/panels/a.cpp", "<torch/torch.h>", "ui/panels may not see LibTorch"),
                ("core/jobs/a.cpp", "<ATen/ATen.h>", "core/jobs may not see LibTorch"),
                ("app/cli/a.cpp", "<c10/util/complex.h>", "app/cli may not see LibTorch"),
                ("ui/models/a.h", "<QImage>", "gets Qt's core library alone")]:
            self.assert_caught("includes", path, f"#include {include}\n", words)

    def test_hidden_libraries(self):
        for include in ("hdf5.h", "tiffio.h", "SQLiteCpp/Database.h", "sqlite3.h", "gemmi/cif.hpp"):
            private = {"core/io/a.h": f"#pragma once\n#include <{include}>\n", "core/io/b.h": '#pragma once\n#include "core/io/a.h"\n'}
            self.assertEqual(self.breaks("includes", private), [])
            found = self.breaks("includes", {**private, "core/data/c.cpp": '#include "core/io/b.h"\n'})
            self.assertEqual(found, [f"core/data/c.cpp sees {include} through core/io/a.h: "
                                     "keep it out of the headers that others include"])

    def test_number_of_torch_sources_counts_what_headers_bring(self):
        files = {"core/nn/t.h": "#pragma once\n#include <torch/types.h>\n"}
        for i in range(rules.TORCH_SOURCES_AT_MOST):
            files[f"core/nn/s{i}.cpp"] = '#include "core/nn/t.h"\n'
        self.assertTrue(any(f"{rules.TORCH_SOURCES_AT_MOST + 1} sources see LibTorch" in line for line in self.breaks("includes", files)))

    def test_sizes(self):
        self.assert_caught("sizes", "core/io/a.cpp", "\n" * 601, "601 lines, a source has at most 600")
        self.assert_caught("sizes", "core/io/a.h", "#pragma once\n" + "\n" * 200, "201 lines, a header has at most 200")
        self.assert_caught("sizes", "tests/core/a.cpp", "\n" * 801, "801 lines, a test has at most 800")
        self.assert_caught("sizes", "core/io/a.cpp", "// TO" + "DO later\n", "left unfinished")
        self.assert_caught("sizes", "core/io/a.h", "\n", "no #pragma once")

    def test_folders(self):
        page = "docs/dev/architecture.md"
        self.assert_caught("folders", "core/extra/a.h", "#pragma once\n", "the duty of core/extra/ stands there 0 times")
        self.assert_caught("folders", page, GOOD[page] + "| `core/gone/` | something that was here |\n", "is not in the tree")
        self.assert_caught("folders", page, GOOD[page] + "| `core/io/` | said a second time |\n", "core/io/ stands there 2 times")
        self.assert_caught("folders", page, GOOD[page].replace("| `ui/` | what this folder is for |", "| `ui/` | - |"),
                           "does not say what ui/ is for")


if __name__ == "__main__":
    unittest.main()
