#pragma once
#include <pango/pangocairo.h>
#include <cairo.h>
#include <qrencode.h>
