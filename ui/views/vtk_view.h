#pragma once

#include <vtkSmartPointer.h>
#include <QImage>
#include <QString>
#include <QTimer>
#include <QWidget>
#include <map>
#include <memory>

class QOffscreenSurface;
class QOpenGLContext;

class vtkGenericOpenGLRenderWindow;
class vtkGenericRenderWindowInteractor;
class vtkRenderer;
class vtkObject;
class vtkCallbackCommand;

namespace tomoloupe {

/// A VTK scene drawn off the screen and shown as an image: one OpenGL widget in a window makes Qt put the whole window
/// together by OpenGL in every frame, which costs 20 ms where OpenGL is software. VTK draws within paintEvent only, and
/// only when redraw() was asked for or the size changed. Mouse and wheel go to VTK's interactor when it is interactive.
class VtkView : public QWidget {
    Q_OBJECT
  public:
    /// Before QApplication: the surface format that VTK needs.
    static void prepareProcess();
    /// Whether views can be made on this platform; says why not. After QApplication; tried once.
    [[nodiscard]] static bool available(QString* reason = nullptr);

    /// Only where available().
    explicit VtkView(vtkRenderer* renderer, QWidget* parent = nullptr);
    ~VtkView() override;

    /// The scene has changed: many calls cost one frame.
    void redraw();
    /// The scene as this view would show it at another size.
    [[nodiscard]] QImage picture(const QSize& size);
    /// Turn, pan and zoom with the mouse; off at first.
    void setInteractive(bool interactive);

  Q_SIGNALS:
    /// The mouse moved the camera.
    void turned();
    /// The left button went down and up again without a drag.
    void clicked(QPointF position);

  protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

  private:
    static void onVtkEvent(vtkObject* caller, unsigned long id, void* client, void* payload);
    void handleWindowEvent(unsigned long id, void* payload);
    void handleTimerEvent(unsigned long id, int* timer);
    void observe();
    bool prepareGL();
    void adaptSize(const QSize& pixels);
    [[nodiscard]] QImage rendered(const QSize& pixels);
    void releaseGL();
    void lookForClick(QEvent* event);
    bool mouseToVtk(QEvent* event);
    bool wheelToVtk(QEvent* event);

    vtkSmartPointer<vtkGenericOpenGLRenderWindow> window_;
    vtkSmartPointer<vtkGenericRenderWindowInteractor> interactor_;
    vtkSmartPointer<vtkCallbackCommand> observer_;
    std::unique_ptr<QOffscreenSurface> surface_;
    std::unique_ptr<QOpenGLContext> context_;
    QImage image_;  ///< the last frame, in device pixels
    std::map<int, QTimer*> timers_;
    QPointF pressedAt_;
    int wheelRest_ = 0;  // eighths of a degree not yet a step
    bool interactive_ = false;
    bool painting_ = false;
    bool stale_ = true;
};

}  // namespace tomoloupe
