#pragma once
#include <cups/cups.h>
#include <cups/ppd.h>
#include <cups/sidechannel.h>
