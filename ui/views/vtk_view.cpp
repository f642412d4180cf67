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
#include <QOpenGLFunctions>
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
    : QOpenGLWidget(parent),
      window_(vtkSmartPointer<HostedWindow>::New()),
      interactor_(vtkSmartPointer<vtkGenericRenderWindowInteractor>::New()),
      observer_(vtkSmartPointer<vtkCallbackCommand>::New()) {
    setMouseTracking(true);
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
    // QOpenGLWidget's own destructor destroys the context later and would call into an object that is gone.
    disconnect(contextGone_);
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
            // makeCurrent() re-binds Qt's framebuffer; called within a frame it would blank VTK's own.
            if (isValid() && QOpenGLContext::currentContext() != context()) makeCurrent();
            break;
        case vtkCommand::WindowIsCurrentEvent:
            *static_cast<bool*>(payload) = isValid() && QOpenGLContext::currentContext() == context();
            break;
        case vtkCommand::WindowSupportsOpenGLEvent:
            *static_cast<int*>(payload) = 1;
            break;
        case vtkCommand::CursorChangedEvent:
            break;  // the views set cursors of their own
        default:
            if (!painting_) update();
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

void VtkView::initializeGL() {
    disconnect(contextGone_);
    contextGone_ = connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, &VtkView::releaseGL);
    window_->SetForceMaximumHardwareLineWidth(1);
    window_->SetReadyForRendering(true);
    window_->OpenGLInitContext();
    adaptSize();
}

void VtkView::resizeGL(int, int) {
    adaptSize();
}

void VtkView::adaptSize() {
    const double ratio = devicePixelRatioF();
    const int width = std::max(1, static_cast<int>(std::lround(this->width() * ratio)));
    const int height = std::max(1, static_cast<int>(std::lround(this->height() * ratio)));
    interactor_->UpdateSize(width, height);
    window_->SetSize(width, height);
    window_->SetDPI(static_cast<int>(std::lround(72 * ratio)));
}

void VtkView::paintGL() {
    if (painting_) return;
    painting_ = true;
    window_->GetState()->Reset();
    window_->GetState()->vtkglDepthFunc(GL_LEQUAL);
    window_->Render();
    // An opaque result, whatever VTK left in the alpha channel: QWidget::grab() looks at it.
    QOpenGLFunctions* gl = context()->functions();
    gl->glDisable(GL_SCISSOR_TEST);
    gl->glColorMask(GL_FALSE, GL_FALSE, GL_FALSE, GL_TRUE);
    gl->glClearColor(0, 0, 0, 1);
    gl->glClear(GL_COLOR_BUFFER_BIT);
    gl->glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
    painting_ = false;
}

QImage VtkView::picture(const QSize& size) {
    if (!isValid() || !window_->GetReadyForRendering() || painting_) return {};
    makeCurrent();
    painting_ = true;  // nothing that VTK asks for meanwhile leads to a frame
    window_->GetState()->Reset();
    window_->GetState()->vtkglDepthFunc(GL_LEQUAL);
    window_->SetSize(size.width(), size.height());
    window_->Render();
    vtkNew<vtkUnsignedCharArray> pixels;
    window_->GetPixelData(0, 0, size.width() - 1, size.height() - 1, 0, pixels, 0);
    QImage image(size, QImage::Format_RGB888);
    for (int row = 0; row < size.height(); ++row)  // from below in OpenGL
        std::copy_n(pixels->GetPointer(vtkIdType(3) * size.width() * (size.height() - 1 - row)), 3 * size.width(), image.scanLine(row));
    adaptSize();
    painting_ = false;
    doneCurrent();
    update();
    return image;
}

void VtkView::releaseGL() {
    if (!window_->GetReadyForRendering()) return;
    makeCurrent();
    window_->Finalize();
    window_->SetReadyForRendering(false);
    doneCurrent();
}

bool VtkView::event(QEvent* event) {
    if (interactive_ && (mouseToVtk(event) || wheelToVtk(event))) return true;
    return QOpenGLWidget::event(event);
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
