#include "ui/views/vtk_view.h"

#include <vtkCallbackCommand.h>
#include <vtkCommand.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkGenericRenderWindowInteractor.h>
#include <vtkInteractorStyleTrackballCamera.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkOpenGLState.h>
#include <vtkRenderer.h>
#include <vtkUnsignedCharArray.h>
#include <QCursor>
#include <QGuiApplication>
#include <QMouseEvent>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QPainter>
#include <QSurfaceFormat>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace tomoloupe {
namespace {

/// Debian's VTK is built with GLX-GLEW. In an EGL context (Wayland) glewInit() loads everything but reports "no GLX
/// display", and VTK would complain in every frame; rendering is right nevertheless.
class HostedWindow : public vtkGenericOpenGLRenderWindow {
  public:
    static HostedWindow* New();
    vtkTypeMacro(HostedWindow, vtkGenericOpenGLRenderWindow);
    void OpenGLInitContext() override {
        if (this->Initialized) return;
        vtkNew<vtkCallbackCommand> silence;  // an observer of errors keeps them from the terminal
        silence->SetCallback([](vtkObject*, unsigned long, void*, void*) {});
        const unsigned long tag = this->AddObserver(vtkCommand::ErrorEvent, silence);
        Superclass::OpenGLInitContext();
        this->RemoveObserver(tag);
        if (this->Initialized) return;
        this->Initialized = true;
        this->GlewInitValid = true;
        this->MaximumHardwareLineWidth = 1;
    }
};
vtkStandardNewMacro(HostedWindow);

bool tryContext() {
    QOpenGLContext context;
    QOffscreenSurface surface;
    surface.create();
    return context.create() && context.makeCurrent(&surface) && context.format().version() >= qMakePair(3, 2);
}

}  // namespace

void VtkView::prepareProcess() {
    QSurfaceFormat format;
    format.setRenderableType(QSurfaceFormat::OpenGL);
    format.setProfile(QSurfaceFormat::CoreProfile);
    format.setVersion(3, 2);
    format.setDepthBufferSize(24);
    format.setSamples(0);
    QSurfaceFormat::setDefaultFormat(format);
}

bool VtkView::available(QString* reason) {
    static const QString problem = [] {
        // On these platforms Qt 6.4 crashes as soon as an OpenGL widget is shown.
        const QString platform = QGuiApplication::platformName();
        if (QStringList{"offscreen", "minimal", "vnc", "linuxfb", "minimalegl"}.contains(platform)) {
            return tr("Pictures need an X server or Wayland; the platform \"%1\" has no OpenGL.").arg(platform);
        }
        if (!tryContext())
            return tr("Pictures need OpenGL 3.2; install the package libgl1-mesa-dri or a graphics driver.");
        return QString();
    }();
    if (reason) *reason = problem;
    return problem.isEmpty();
}

VtkView::VtkView(vtkRenderer* renderer, QWidget* parent)
    : QWidget(parent),
      window_(vtkSmartPointer<HostedWindow>::New()),
      interactor_(vtkSmartPointer<vtkGenericRenderWindowInteractor>::New()),
      observer_(vtkSmartPointer<vtkCallbackCommand>::New()) {
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    window_->SetReadyForRendering(false);
    window_->SetOwnContext(0);
    window_->SetMultiSamples(0);
    window_->AddRenderer(renderer);
    interactor_->SetRenderWindow(window_);
    vtkNew<vtkInteractorStyleTrackballCamera> style;
    interactor_->SetInteractorStyle(style);
    interactor_->EnableRenderOff();  // Render() only tells the observer
    interactor_->Initialize();
    observe();
}

VtkView::~VtkView() {
    releaseGL();
    window_->RemoveAllObservers();
    interactor_->RemoveAllObservers();
    interactor_->SetInteractorStyle(nullptr);
    interactor_->SetRenderWindow(nullptr);
}

void VtkView::setInteractive(bool interactive) {
    interactive_ = interactive;
}

void VtkView::observe() {
    observer_->SetClientData(this);
    observer_->SetCallback(&VtkView::onVtkEvent);
    for (const unsigned long id :
         {vtkCommand::WindowMakeCurrentEvent, vtkCommand::WindowIsCurrentEvent, vtkCommand::WindowFrameEvent,
          vtkCommand::WindowSupportsOpenGLEvent, vtkCommand::CursorChangedEvent}) {
        window_->AddObserver(id, observer_);
    }
    for (const unsigned long id :
         {vtkCommand::RenderEvent, vtkCommand::CreateTimerEvent, vtkCommand::DestroyTimerEvent}) {
        interactor_->AddObserver(id, observer_);
    }
}

void VtkView::onVtkEvent(vtkObject*, unsigned long id, void* client, void* payload) {
    auto* self = static_cast<VtkView*>(client);
    if (id == vtkCommand::CreateTimerEvent || id == vtkCommand::DestroyTimerEvent) {
        self->handleTimerEvent(id, static_cast<int*>(payload));
    } else {
        self->handleWindowEvent(id, payload);
    }
}

void VtkView::handleWindowEvent(unsigned long id, void* payload) {
    switch (id) {
        case vtkCommand::WindowMakeCurrentEvent:
            if (context_ && QOpenGLContext::currentContext() != context_.get()) context_->makeCurrent(surface_.get());
            break;
        case vtkCommand::WindowIsCurrentEvent:
            *static_cast<bool*>(payload) = context_ && QOpenGLContext::currentContext() == context_.get();
            break;
        case vtkCommand::WindowSupportsOpenGLEvent:
            *static_cast<int*>(payload) = 1;
            break;
        case vtkCommand::CursorChangedEvent:
            break;  // the views set cursors of their own
        default:
            if (painting_) break;
            redraw();
            if (id == vtkCommand::RenderEvent) Q_EMIT turned();
    }
}

void VtkView::handleTimerEvent(unsigned long id, int* timer) {
    if (id == vtkCommand::DestroyTimerEvent) {
        if (const auto found = timers_.find(*timer); found != timers_.end()) {
            found->second->deleteLater();
            timers_.erase(found);
        }
        return;
    }
    const int number = *timer;
    auto* ticking = new QTimer(this);
    ticking->setSingleShot(interactor_->IsOneShotTimer(number) != 0);
    connect(ticking, &QTimer::timeout, this, [this, number] {
        int copy = number;
        interactor_->InvokeEvent(vtkCommand::TimerEvent, &copy);
    });
    timers_[number] = ticking;
    ticking->start(static_cast<int>(interactor_->GetTimerDuration(number)));
}

void VtkView::redraw() {
    stale_ = true;
    update();
}

/// False where the graphics driver refuses all at once what it granted before.
bool VtkView::prepareGL() {
    if (context_) return context_->makeCurrent(surface_.get());
    auto surface = std::make_unique<QOffscreenSurface>();
    surface->create();
    auto context = std::make_unique<QOpenGLContext>();
    if (!context->create() || !context->makeCurrent(surface.get())) return false;
    surface_ = std::move(surface);
    context_ = std::move(context);
    window_->SetForceMaximumHardwareLineWidth(1);
    window_->SetReadyForRendering(true);
    window_->OpenGLInitContext();
    return true;
}

void VtkView::adaptSize(const QSize& pixels) {
    interactor_->UpdateSize(pixels.width(), pixels.height());
    window_->SetSize(pixels.width(), pixels.height());
    window_->SetDPI(static_cast<int>(std::lround(72 * devicePixelRatioF())));
}

QImage VtkView::rendered(const QSize& pixels) {
    if (painting_ || pixels.isEmpty() || !prepareGL()) return {};
    painting_ = true;  // nothing that VTK asks for meanwhile leads to a frame
    adaptSize(pixels);
    window_->GetState()->Reset();
    window_->GetState()->vtkglDepthFunc(GL_LEQUAL);
    window_->Render();
    vtkNew<vtkUnsignedCharArray> read;
    window_->GetRGBACharPixelData(0, 0, pixels.width() - 1, pixels.height() - 1, 0, read, 0);
    QImage image(pixels, QImage::Format_RGBX8888);
    const int bytes = 4 * pixels.width();
    for (int row = 0; row < pixels.height(); ++row)  // from below in OpenGL
        std::copy_n(read->GetPointer(vtkIdType(bytes) * (pixels.height() - 1 - row)), bytes, image.scanLine(row));
    painting_ = false;
    context_->doneCurrent();
    return image;
}

void VtkView::paintEvent(QPaintEvent*) {
    const QSize pixels = (QSizeF(size()) * devicePixelRatioF()).toSize();
    if (stale_ || image_.size() != pixels) {
        stale_ = false;
        image_ = rendered(pixels).convertToFormat(QImage::Format_RGB32);
    }
    QPainter painter(this);
    if (image_.isNull())
        painter.fillRect(rect(), Qt::black);
    else
        painter.drawImage(rect(), image_);
}

QImage VtkView::picture(const QSize& size) {
    QImage image = rendered(size);
    if (!image_.isNull()) adaptSize(image_.size());
    return image.convertToFormat(QImage::Format_RGB888);
}

void VtkView::releaseGL() {
    if (!context_) return;
    context_->makeCurrent(surface_.get());
    window_->Finalize();
    window_->SetReadyForRendering(false);
    context_->doneCurrent();
}

bool VtkView::event(QEvent* event) {
    if (interactive_) lookForClick(event);
    if (interactive_ && (mouseToVtk(event) || wheelToVtk(event))) return true;
    return QWidget::event(event);
}

void VtkView::lookForClick(QEvent* event) {
    constexpr double kStill = 4;  // pixels
    if (event->type() != QEvent::MouseButtonPress && event->type() != QEvent::MouseButtonRelease) return;
    const auto* mouse = static_cast<QMouseEvent*>(event);
    if (mouse->button() != Qt::LeftButton) return;
    if (event->type() == QEvent::MouseButtonPress)
        pressedAt_ = mouse->position();
    else if ((mouse->position() - pressedAt_).manhattanLength() < kStill)
        Q_EMIT clicked(mouse->position());
}

bool VtkView::mouseToVtk(QEvent* event) {
    const auto type = event->type();
    const bool press = type == QEvent::MouseButtonPress || type == QEvent::MouseButtonDblClick;
    if (!press && type != QEvent::MouseButtonRelease && type != QEvent::MouseMove) return false;
    const auto* mouse = static_cast<QMouseEvent*>(event);
    const QPointF position = mouse->position() * devicePixelRatioF();
    const auto modifiers = mouse->modifiers();
    interactor_->SetEventInformationFlipY(
        static_cast<int>(position.x()), static_cast<int>(position.y()), modifiers.testFlag(Qt::ControlModifier),
        modifiers.testFlag(Qt::ShiftModifier), 0, type == QEvent::MouseButtonDblClick ? 1 : 0);
    interactor_->SetAltKey(modifiers.testFlag(Qt::AltModifier));
    if (type == QEvent::MouseMove) {
        interactor_->InvokeEvent(vtkCommand::MouseMoveEvent);
        return true;
    }
    switch (mouse->button()) {
        case Qt::LeftButton:
            interactor_->InvokeEvent(press ? vtkCommand::LeftButtonPressEvent : vtkCommand::LeftButtonReleaseEvent);
            break;
        case Qt::MiddleButton:
            interactor_->InvokeEvent(press ? vtkCommand::MiddleButtonPressEvent : vtkCommand::MiddleButtonReleaseEvent);
            break;
        case Qt::RightButton:
            interactor_->InvokeEvent(press ? vtkCommand::RightButtonPressEvent : vtkCommand::RightButtonReleaseEvent);
            break;
        default:
            return false;
    }
    return true;
}

bool VtkView::wheelToVtk(QEvent* event) {
    if (event->type() != QEvent::Wheel) return false;
    constexpr int kStep = 120;
    wheelRest_ += static_cast<QWheelEvent*>(event)->angleDelta().y();
    for (; wheelRest_ >= kStep; wheelRest_ -= kStep) interactor_->InvokeEvent(vtkCommand::MouseWheelForwardEvent);
    for (; wheelRest_ <= -kStep; wheelRest_ += kStep) interactor_->InvokeEvent(vtkCommand::MouseWheelBackwardEvent);
    return true;
}

}  // namespace tomoloupe
