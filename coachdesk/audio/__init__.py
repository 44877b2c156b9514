"""SOUND: any file in blocks, on one clock; the waveform's peaks. Knows nothing of speech, calls or people."""
