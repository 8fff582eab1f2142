package dev.raptor.core.kernel.vector;

import dev.raptor.core.kernel.Kernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Blocks of eight rows, for the 32 registers of a core with AVX-512: fewer loads for each
 * multiply-add, and the layers of the networks here are multiples of eight.
 */
final class EightRows {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int V = VectorKernels.V;
  private static final int PANEL = Kernels.PANEL;
  private static final int ROWS = 8;

  private EightRows() {}

  /** See {@link MicroKernel#product}; of one block. */
  static void product(
      int terms,
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] c,
      int co,
      int stride,
      boolean relu) {
    FloatVector s00 = FloatVector.broadcast(SPECIES, a[ao]);
    FloatVector s01 = s00;
    FloatVector s10 = FloatVector.broadcast(SPECIES, a[ao + 1]);
    FloatVector s11 = s10;
    FloatVector s20 = FloatVector.broadcast(SPECIES, a[ao + 2]);
    FloatVector s21 = s20;
    FloatVector s30 = FloatVector.broadcast(SPECIES, a[ao + 3]);
    FloatVector s31 = s30;
    FloatVector s40 = FloatVector.broadcast(SPECIES, a[ao + 4]);
    FloatVector s41 = s40;
    FloatVector s50 = FloatVector.broadcast(SPECIES, a[ao + 5]);
    FloatVector s51 = s50;
    FloatVector s60 = FloatVector.broadcast(SPECIES, a[ao + 6]);
    FloatVector s61 = s60;
    FloatVector s70 = FloatVector.broadcast(SPECIES, a[ao + 7]);
    FloatVector s71 = s70;
    for (int k = 0; k < terms; k++) {
      int right = bo + k * PANEL;
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, right);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, right + V);
      int left = ao + ROWS + k * ROWS;
      FloatVector w = FloatVector.broadcast(SPECIES, a[left]);
      s00 = w.fma(b0, s00);
      s01 = w.fma(b1, s01);
      w = FloatVector.broadcast(SPECIES, a[left + 1]);
      s10 = w.fma(b0, s10);
      s11 = w.fma(b1, s11);
      w = FloatVector.broadcast(SPECIES, a[left + 2]);
      s20 = w.fma(b0, s20);
      s21 = w.fma(b1, s21);
      w = FloatVector.broadcast(SPECIES, a[left + 3]);
      s30 = w.fma(b0, s30);
      s31 = w.fma(b1, s31);
      w = FloatVector.broadcast(SPECIES, a[left + 4]);
      s40 = w.fma(b0, s40);
      s41 = w.fma(b1, s41);
      w = FloatVector.broadcast(SPECIES, a[left + 5]);
      s50 = w.fma(b0, s50);
      s51 = w.fma(b1, s51);
      w = FloatVector.broadcast(SPECIES, a[left + 6]);
      s60 = w.fma(b0, s60);
      s61 = w.fma(b1, s61);
      w = FloatVector.broadcast(SPECIES, a[left + 7]);
      s70 = w.fma(b0, s70);
      s71 = w.fma(b1, s71);
    }
    if (relu) {
      s00 = s00.blend(0f, s00.compare(VectorOperators.LT, 0f));
      s01 = s01.blend(0f, s01.compare(VectorOperators.LT, 0f));
      s10 = s10.blend(0f, s10.compare(VectorOperators.LT, 0f));
      s11 = s11.blend(0f, s11.compare(VectorOperators.LT, 0f));
      s20 = s20.blend(0f, s20.compare(VectorOperators.LT, 0f));
      s21 = s21.blend(0f, s21.compare(VectorOperators.LT, 0f));
      s30 = s30.blend(0f, s30.compare(VectorOperators.LT, 0f));
      s31 = s31.blend(0f, s31.compare(VectorOperators.LT, 0f));
      s40 = s40.blend(0f, s40.compare(VectorOperators.LT, 0f));
      s41 = s41.blend(0f, s41.compare(VectorOperators.LT, 0f));
      s50 = s50.blend(0f, s50.compare(VectorOperators.LT, 0f));
      s51 = s51.blend(0f, s51.compare(VectorOperators.LT, 0f));
      s60 = s60.blend(0f, s60.compare(VectorOperators.LT, 0f));
      s61 = s61.blend(0f, s61.compare(VectorOperators.LT, 0f));
      s70 = s70.blend(0f, s70.compare(VectorOperators.LT, 0f));
      s71 = s71.blend(0f, s71.compare(VectorOperators.LT, 0f));
    }
    s00.intoArray(c, co);
    s01.intoArray(c, co + V);
    s10.intoArray(c, co + stride);
    s11.intoArray(c, co + stride + V);
    s20.intoArray(c, co + 2 * stride);
    s21.intoArray(c, co + 2 * stride + V);
    s30.intoArray(c, co + 3 * stride);
    s31.intoArray(c, co + 3 * stride + V);
    s40.intoArray(c, co + 4 * stride);
    s41.intoArray(c, co + 4 * stride + V);
    s50.intoArray(c, co + 5 * stride);
    s51.intoArray(c, co + 5 * stride + V);
    s60.intoArray(c, co + 6 * stride);
    s61.intoArray(c, co + 6 * stride + V);
    s70.intoArray(c, co + 7 * stride);
    s71.intoArray(c, co + 7 * stride + V);
  }

  /** See {@link MicroKernel#half}. */
  static void half(
      int terms, float[] a, int ao, float[] b, int bo, float[] c, int co, boolean relu) {
    FloatVector s00 = FloatVector.broadcast(SPECIES, a[ao]);
    FloatVector s01 = s00;
    FloatVector s10 = FloatVector.broadcast(SPECIES, a[ao + 1]);
    FloatVector s11 = s10;
    FloatVector s20 = FloatVector.broadcast(SPECIES, a[ao + 2]);
    FloatVector s21 = s20;
    FloatVector s30 = FloatVector.broadcast(SPECIES, a[ao + 3]);
    FloatVector s31 = s30;
    for (int k = 0; k < terms; k++) {
      int right = bo + k * PANEL;
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, right);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, right + V);
      int left = ao + ROWS + k * ROWS;
      FloatVector w = FloatVector.broadcast(SPECIES, a[left]);
      s00 = w.fma(b0, s00);
      s01 = w.fma(b1, s01);
      w = FloatVector.broadcast(SPECIES, a[left + 1]);
      s10 = w.fma(b0, s10);
      s11 = w.fma(b1, s11);
      w = FloatVector.broadcast(SPECIES, a[left + 2]);
      s20 = w.fma(b0, s20);
      s21 = w.fma(b1, s21);
      w = FloatVector.broadcast(SPECIES, a[left + 3]);
      s30 = w.fma(b0, s30);
      s31 = w.fma(b1, s31);
    }
    if (relu) {
      s00 = s00.blend(0f, s00.compare(VectorOperators.LT, 0f));
      s01 = s01.blend(0f, s01.compare(VectorOperators.LT, 0f));
      s10 = s10.blend(0f, s10.compare(VectorOperators.LT, 0f));
      s11 = s11.blend(0f, s11.compare(VectorOperators.LT, 0f));
      s20 = s20.blend(0f, s20.compare(VectorOperators.LT, 0f));
      s21 = s21.blend(0f, s21.compare(VectorOperators.LT, 0f));
      s30 = s30.blend(0f, s30.compare(VectorOperators.LT, 0f));
      s31 = s31.blend(0f, s31.compare(VectorOperators.LT, 0f));
    }
    s00.intoArray(c, co);
    s01.intoArray(c, co + V);
    s10.intoArray(c, co + PANEL);
    s11.intoArray(c, co + PANEL + V);
    s20.intoArray(c, co + 2 * PANEL);
    s21.intoArray(c, co + 2 * PANEL + V);
    s30.intoArray(c, co + 3 * PANEL);
    s31.intoArray(c, co + 3 * PANEL + V);
  }

  /** See {@link MicroKernel#accumulate}; of one block. */
  static void accumulate(
      int terms, float[] a, int ao, float[] b, int bo, float[] c, int co, boolean relu) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, c, co);
    FloatVector s01 = FloatVector.fromArray(SPECIES, c, co + V);
    FloatVector s10 = FloatVector.fromArray(SPECIES, c, co + PANEL);
    FloatVector s11 = FloatVector.fromArray(SPECIES, c, co + PANEL + V);
    FloatVector s20 = FloatVector.fromArray(SPECIES, c, co + 2 * PANEL);
    FloatVector s21 = FloatVector.fromArray(SPECIES, c, co + 2 * PANEL + V);
    FloatVector s30 = FloatVector.fromArray(SPECIES, c, co + 3 * PANEL);
    FloatVector s31 = FloatVector.fromArray(SPECIES, c, co + 3 * PANEL + V);
    FloatVector s40 = FloatVector.fromArray(SPECIES, c, co + 4 * PANEL);
    FloatVector s41 = FloatVector.fromArray(SPECIES, c, co + 4 * PANEL + V);
    FloatVector s50 = FloatVector.fromArray(SPECIES, c, co + 5 * PANEL);
    FloatVector s51 = FloatVector.fromArray(SPECIES, c, co + 5 * PANEL + V);
    FloatVector s60 = FloatVector.fromArray(SPECIES, c, co + 6 * PANEL);
    FloatVector s61 = FloatVector.fromArray(SPECIES, c, co + 6 * PANEL + V);
    FloatVector s70 = FloatVector.fromArray(SPECIES, c, co + 7 * PANEL);
    FloatVector s71 = FloatVector.fromArray(SPECIES, c, co + 7 * PANEL + V);
    for (int k = 0; k < terms; k++) {
      int right = bo + k * PANEL;
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, right);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, right + V);
      int left = ao + ROWS + k * ROWS;
      FloatVector w = FloatVector.broadcast(SPECIES, a[left]);
      s00 = w.fma(b0, s00);
      s01 = w.fma(b1, s01);
      w = FloatVector.broadcast(SPECIES, a[left + 1]);
      s10 = w.fma(b0, s10);
      s11 = w.fma(b1, s11);
      w = FloatVector.broadcast(SPECIES, a[left + 2]);
      s20 = w.fma(b0, s20);
      s21 = w.fma(b1, s21);
      w = FloatVector.broadcast(SPECIES, a[left + 3]);
      s30 = w.fma(b0, s30);
      s31 = w.fma(b1, s31);
      w = FloatVector.broadcast(SPECIES, a[left + 4]);
      s40 = w.fma(b0, s40);
      s41 = w.fma(b1, s41);
      w = FloatVector.broadcast(SPECIES, a[left + 5]);
      s50 = w.fma(b0, s50);
      s51 = w.fma(b1, s51);
      w = FloatVector.broadcast(SPECIES, a[left + 6]);
      s60 = w.fma(b0, s60);
      s61 = w.fma(b1, s61);
      w = FloatVector.broadcast(SPECIES, a[left + 7]);
      s70 = w.fma(b0, s70);
      s71 = w.fma(b1, s71);
    }
    if (relu) {
      s00 = s00.blend(0f, s00.compare(VectorOperators.LT, 0f));
      s01 = s01.blend(0f, s01.compare(VectorOperators.LT, 0f));
      s10 = s10.blend(0f, s10.compare(VectorOperators.LT, 0f));
      s11 = s11.blend(0f, s11.compare(VectorOperators.LT, 0f));
      s20 = s20.blend(0f, s20.compare(VectorOperators.LT, 0f));
      s21 = s21.blend(0f, s21.compare(VectorOperators.LT, 0f));
      s30 = s30.blend(0f, s30.compare(VectorOperators.LT, 0f));
      s31 = s31.blend(0f, s31.compare(VectorOperators.LT, 0f));
      s40 = s40.blend(0f, s40.compare(VectorOperators.LT, 0f));
      s41 = s41.blend(0f, s41.compare(VectorOperators.LT, 0f));
      s50 = s50.blend(0f, s50.compare(VectorOperators.LT, 0f));
      s51 = s51.blend(0f, s51.compare(VectorOperators.LT, 0f));
      s60 = s60.blend(0f, s60.compare(VectorOperators.LT, 0f));
      s61 = s61.blend(0f, s61.compare(VectorOperators.LT, 0f));
      s70 = s70.blend(0f, s70.compare(VectorOperators.LT, 0f));
      s71 = s71.blend(0f, s71.compare(VectorOperators.LT, 0f));
    }
    s00.intoArray(c, co);
    s01.intoArray(c, co + V);
    s10.intoArray(c, co + PANEL);
    s11.intoArray(c, co + PANEL + V);
    s20.intoArray(c, co + 2 * PANEL);
    s21.intoArray(c, co + 2 * PANEL + V);
    s30.intoArray(c, co + 3 * PANEL);
    s31.intoArray(c, co + 3 * PANEL + V);
    s40.intoArray(c, co + 4 * PANEL);
    s41.intoArray(c, co + 4 * PANEL + V);
    s50.intoArray(c, co + 5 * PANEL);
    s51.intoArray(c, co + 5 * PANEL + V);
    s60.intoArray(c, co + 6 * PANEL);
    s61.intoArray(c, co + 6 * PANEL + V);
    s70.intoArray(c, co + 7 * PANEL);
    s71.intoArray(c, co + 7 * PANEL + V);
  }

  /** See {@link MicroKernel#accumulateRows}; of one block. */
  static void accumulateRows(
      int terms, float[] a, int ao, int stride, float[] b, int bo, float[] c, int co) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, c, co);
    FloatVector s01 = FloatVector.fromArray(SPECIES, c, co + V);
    FloatVector s10 = FloatVector.fromArray(SPECIES, c, co + PANEL);
    FloatVector s11 = FloatVector.fromArray(SPECIES, c, co + PANEL + V);
    FloatVector s20 = FloatVector.fromArray(SPECIES, c, co + 2 * PANEL);
    FloatVector s21 = FloatVector.fromArray(SPECIES, c, co + 2 * PANEL + V);
    FloatVector s30 = FloatVector.fromArray(SPECIES, c, co + 3 * PANEL);
    FloatVector s31 = FloatVector.fromArray(SPECIES, c, co + 3 * PANEL + V);
    FloatVector s40 = FloatVector.fromArray(SPECIES, c, co + 4 * PANEL);
    FloatVector s41 = FloatVector.fromArray(SPECIES, c, co + 4 * PANEL + V);
    FloatVector s50 = FloatVector.fromArray(SPECIES, c, co + 5 * PANEL);
    FloatVector s51 = FloatVector.fromArray(SPECIES, c, co + 5 * PANEL + V);
    FloatVector s60 = FloatVector.fromArray(SPECIES, c, co + 6 * PANEL);
    FloatVector s61 = FloatVector.fromArray(SPECIES, c, co + 6 * PANEL + V);
    FloatVector s70 = FloatVector.fromArray(SPECIES, c, co + 7 * PANEL);
    FloatVector s71 = FloatVector.fromArray(SPECIES, c, co + 7 * PANEL + V);
    for (int first = 0; first < terms; first += PANEL) {
      int n = Math.min(PANEL, terms - first);
      int rows = ao + first / PANEL * stride;
      int columns = bo + first * PANEL;
      for (int k = 0; k < n; k++) {
        int right = columns + k * PANEL;
        FloatVector b0 = FloatVector.fromArray(SPECIES, b, right);
        FloatVector b1 = FloatVector.fromArray(SPECIES, b, right + V);
        int left = rows + k;
        FloatVector w = FloatVector.broadcast(SPECIES, a[left]);
        s00 = w.fma(b0, s00);
        s01 = w.fma(b1, s01);
        w = FloatVector.broadcast(SPECIES, a[left + PANEL]);
        s10 = w.fma(b0, s10);
        s11 = w.fma(b1, s11);
        w = FloatVector.broadcast(SPECIES, a[left + 2 * PANEL]);
        s20 = w.fma(b0, s20);
        s21 = w.fma(b1, s21);
        w = FloatVector.broadcast(SPECIES, a[left + 3 * PANEL]);
        s30 = w.fma(b0, s30);
        s31 = w.fma(b1, s31);
        w = FloatVector.broadcast(SPECIES, a[left + 4 * PANEL]);
        s40 = w.fma(b0, s40);
        s41 = w.fma(b1, s41);
        w = FloatVector.broadcast(SPECIES, a[left + 5 * PANEL]);
        s50 = w.fma(b0, s50);
        s51 = w.fma(b1, s51);
        w = FloatVector.broadcast(SPECIES, a[left + 6 * PANEL]);
        s60 = w.fma(b0, s60);
        s61 = w.fma(b1, s61);
        w = FloatVector.broadcast(SPECIES, a[left + 7 * PANEL]);
        s70 = w.fma(b0, s70);
        s71 = w.fma(b1, s71);
      }
    }
    s00.intoArray(c, co);
    s01.intoArray(c, co + V);
    s10.intoArray(c, co + PANEL);
    s11.intoArray(c, co + PANEL + V);
    s20.intoArray(c, co + 2 * PANEL);
    s21.intoArray(c, co + 2 * PANEL + V);
    s30.intoArray(c, co + 3 * PANEL);
    s31.intoArray(c, co + 3 * PANEL + V);
    s40.intoArray(c, co + 4 * PANEL);
    s41.intoArray(c, co + 4 * PANEL + V);
    s50.intoArray(c, co + 5 * PANEL);
    s51.intoArray(c, co + 5 * PANEL + V);
    s60.intoArray(c, co + 6 * PANEL);
    s61.intoArray(c, co + 6 * PANEL + V);
    s70.intoArray(c, co + 7 * PANEL);
    s71.intoArray(c, co + 7 * PANEL + V);
  }
}
