#include "app/gui/gui.h"

int main(int argc, char** argv) {
    return tomoloupe::runGui(argc, argv);
}
