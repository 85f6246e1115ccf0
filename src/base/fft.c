/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/fft.h"

#include <kissfft/kiss_fftr.h>

#include "base/maths.h"

bool fft_start(struct fft *f)
{
	size_t n = sizeof f->room;

	for (size_t i = 0; i < FFT_SAMPLES; i++)
		f->window[i] = (float)(0.5 - 0.5 * m_cos(
			2 * PI * ((double)i + 0.5) / FFT_SAMPLES));
	f->plan = kiss_fftr_alloc(FFT_SAMPLES, 0, f->room, &n);
	return f->plan != NULL;
}

void fft_power(const struct fft *f, const float x[FFT_SAMPLES],
	float power[FFT_BINS])
{
	float windowed[FFT_SAMPLES];
	kiss_fft_cpx out[FFT_BINS];

	for (size_t i = 0; i < FFT_SAMPLES; i++)
		windowed[i] = x[i] * f->window[i];
	kiss_fftr(f->plan, windowed, out);
	for (size_t i = 0; i < FFT_BINS; i++)
		power[i] = out[i].r * out[i].r + out[i].i * out[i].i;
}
