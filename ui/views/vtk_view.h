#pragma once

#include <vtkSmartPointer.h>
#include <QImage>
#include <QMetaObject>
#include <QOpenGLWidget>
#include <QString>
#include <QTimer>
#include <map>

class vtkGenericOpenGLRenderWindow;
class vtkGenericRenderWindowInteractor;
class vtkRenderer;
class vtkObject;
class vtkCallbackCommand;

namespace tomoloupe {

/// A VTK render window inside a QOpenGLWidget. VTK draws within paintGL only; whatever asks for a frame ends in
/// QWidget::update(), so many requests cost one frame. Mouse and wheel go to VTK's interactor when it is interactive.
class VtkView : public QOpenGLWidget {
    Q_OBJECT
  public:
    /// Before QApplication: the surface format that VTK needs.
    static void prepareProcess();
    /// Whether views can be made on this platform; says why not. After QApplication; tried once.
    [[nodiscard]] static bool available(QString* reason = nullptr);

    /// Only where available().
    explicit VtkView(vtkRenderer* renderer, QWidget* parent = nullptr);
    ~VtkView() override;

    /// The scene as this view would show it at another size. Null before the view was first shown.
    [[nodiscard]] QImage picture(const QSize& size);
    /// Turn, pan and zoom with the mouse; off at first.
    void setInteractive(bool interactive);

  protected:
    void initializeGL() override;
    void resizeGL(int width, int height) override;
    void paintGL() override;
    bool event(QEvent* event) override;

  private:
    static void onVtkEvent(vtkObject* caller, unsigned long id, void* client, void* payload);
    void handleWindowEvent(unsigned long id, void* payload);
    void handleTimerEvent(unsigned long id, int* timer);
    void observe();
    void adaptSize();
    void releaseGL();
    bool mouseToVtk(QEvent* event);
    bool wheelToVtk(QEvent* event);

    vtkSmartPointer<vtkGenericOpenGLRenderWindow> window_;
    vtkSmartPointer<vtkGenericRenderWindowInteractor> interactor_;
    vtkSmartPointer<vtkCallbackCommand> observer_;
    QMetaObject::Connection contextGone_;
    std::map<int, QTimer*> timers_;
    int wheelRest_ = 0;  // eighths of a degree not yet a step
    bool interactive_ = false;
    bool painting_ = false;
};

}  // namespace tomoloupe
