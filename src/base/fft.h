/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fft.h - power spectra of real signals, by kissfft (a radix-2 to 5 transform
 * in plain C: the same additions on every processor).
 *
 * Its twiddles are the C library's sines, rounded to float, which hides most of
 * what two libraries differ by, not all.  What comes of it is compared with
 * thresholds and rounded to a tenth; no place rests on it.
 *
 * Single precision; the plan lies in the caller's memory, nothing is
 * allocated. */
#ifndef BASE_FFT_H
#define BASE_FFT_H

#include <stdbool.h>
#include <stddef.h>

enum { FFT_SAMPLES = 1024, FFT_BINS = FFT_SAMPLES / 2 + 1 };

struct fft { /* start with fft_start(); not to be moved after it */
	void *plan;
	float window[FFT_SAMPLES];
	_Alignas(16) unsigned char room[16384];
};

/* False: the library wants more room than there is. */
bool fft_start(struct fft *);
/* |X_k|^2 of x times a Hann window, k in cycles per FFT_SAMPLES.  x is kept. */
void fft_power(const struct fft *, const float x[FFT_SAMPLES],
	float power[FFT_BINS]);

#endif
