"""What the source tree may do: the layers, the third-party libraries and the sizes. One table a rule."""

# Folders of this project that a folder's files may include, apart from their own. Nothing else, and so no cycles.
BASE = {"core/base"}
ANALYSIS = BASE | {"core/analysis"}
VOLUME = BASE | {"core/volume"}
IO = VOLUME | {"core/io"}
DATA = IO | {"core/data"}
PROJECT = DATA | {"core/project"}
JOBS = PROJECT | ANALYSIS | {"core/jobs", "core/recipe"}
EXPERIMENT = JOBS | {"core/experiment"}
FOURIER = VOLUME | {"core/fourier"}
SIMULATE = IO | FOURIER | {"core/simulate", "core/recipe"}
PICK = SIMULATE | {"core/pick"}  # a template is a structure
NN = IO | FOURIER | {"core/nn", "core/recipe"}
SSL = NN | {"core/ssl"}
TRAIN = SSL | {"core/train", "core/data", "core/jobs"}  # the loop reports to, and is stopped by, a JobContext
EXPLAIN = NN | {"core/explain", "core/data"}
BRIDGE = JOBS | {"ui/bridge"}
MODELS = BRIDGE | ANALYSIS | {"ui/models"}
RENDER = DATA | {"ui/render"}
VIEWS = RENDER | {"ui/views"}
PANELS = MODELS | VIEWS | EXPERIMENT | {"ui/panels"}
SHELL = PANELS | {"ui/shell"}

LAYERS = {
    "core/base": set(), "core/recipe": BASE, "core/volume": BASE, "core/fourier": VOLUME, "core/io": VOLUME, "core/data": IO,
    "core/project": DATA, "core/jobs": JOBS, "core/experiment": EXPERIMENT, "core/simulate": SIMULATE, "core/pick": PICK, "core/nn": NN, "core/ssl": SSL,
    "core/train": TRAIN, "core/explain": EXPLAIN, "core/analysis": ANALYSIS,
    "core/engine": JOBS | SIMULATE | PICK | TRAIN | EXPLAIN | ANALYSIS,
    "plugins": IO,
    "ui/bridge": BRIDGE, "ui/models": MODELS, "ui/render": RENDER, "ui/views": VIEWS, "ui/panels": PANELS, "ui/shell": SHELL,
    "app/cli": EXPERIMENT, "app/gui": SHELL | {"app/cli"},
}

# Third-party libraries by the first part of what is included: (name, pattern, folders that may see it).
LIBRARIES = [
    ("LibTorch", r"^(torch|ATen|c10|caffe2)/",
     {"core/fourier", "core/nn", "core/ssl", "core/train", "core/explain", "core/pick", "core/engine"}),
    ("Qt", r"^(Q[A-Z]|Qt[A-Z]?)", {"ui/bridge", "ui/models", "ui/views", "ui/panels", "ui/shell", "app/gui"}),
    ("VTK", r"^vtk", {"ui/render", "ui/views", "ui/panels", "ui/shell", "app/gui"}),
]
# The window's lower layers know no widgets: Qt's core library is all they get.
QT_CORE_ONLY = {"ui/bridge", "ui/models"}
QT_BEYOND_CORE = r"^(Qt(Gui|Widgets|OpenGL|OpenGLWidgets|Svg)/|Q(Widget|Application|GuiApplication|Image|Pixmap|Icon|Color|" \
                 r"Painter|Font|Dialog|MainWindow|Action|Label|Layout|.*Box|.*Button|.*Edit|.*View|OpenGL.*|Svg.*)$)"
# Their types stay within the module that uses them: no file of another sees them through a header.
HIDDEN_FROM_OTHERS = r"^(hdf5\.h|H5.*|tiff.*|sqlite3\.h|SQLiteCpp/|gemmi/|zlib\.h|bzlib\.h)"

# A LibTorch source costs 10 to 30 s and over 1 GB to compile.
TORCH_SOURCES_AT_MOST = 50

LINES_AT_MOST = {"source": 600, "header": 200, "test": 800}
UNFINISHED = r"\b(TODO|FIXME|XXX|not implemented|placeholder|stub)\b"
