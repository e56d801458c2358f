package dev.proteus.backend.cpu.vector;

/// [RowLoops] as plain loops.
public final class ScalarRowLoops implements RowLoops {
  @Override
  public float max(float[] a, int at, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + n; i++) {
      max = a[i] > max ? a[i] : max;
    }
    return max;
  }

  @Override
  public int placeOfMax(float[] a, int at, int n) {
    int place = 0;
    float max = a[at];
    for (int i = 1; i < n && !Float.isNaN(max); i++) {
      float x = a[at + i];
      if (x > max || Float.isNaN(x)) {
        max = x;
        place = i;
      }
    }
    return place;
  }

  @Override
  public float exp(float[] a, int at, int n, float shift) {
    for (int i = at; i < at + n; i++) {
      a[i] = FloatMath.exp(a[i] - shift);
    }
    return sum(a, at, n);
  }

  @Override
  public float sum(float[] a, int at, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i + 4 <= n; i += 4) {
      s0 += a[at + i];
      s1 += a[at + i + 1];
      s2 += a[at + i + 2];
      s3 += a[at + i + 3];
    }
    for (; i < n; i++) {
      s0 += a[at + i];
    }
    return s0 + s1 + (s2 + s3);
  }

  @Override
  public float sumOfSquares(float[] a, int at, int n, float shift) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i + 4 <= n; i += 4) {
      s0 += (a[at + i] - shift) * (a[at + i] - shift);
      s1 += (a[at + i + 1] - shift) * (a[at + i + 1] - shift);
      s2 += (a[at + i + 2] - shift) * (a[at + i + 2] - shift);
      s3 += (a[at + i + 3] - shift) * (a[at + i + 3] - shift);
    }
    for (; i < n; i++) {
      s0 += (a[at + i] - shift) * (a[at + i] - shift);
    }
    return s0 + s1 + (s2 + s3);
  }

  @Override
  public float dot(float[] a, int at, float[] b, int bAt, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i + 4 <= n; i += 4) {
      s0 += a[at + i] * b[bAt + i];
      s1 += a[at + i + 1] * b[bAt + i + 1];
      s2 += a[at + i + 2] * b[bAt + i + 2];
      s3 += a[at + i + 3] * b[bAt + i + 3];
    }
    for (; i < n; i++) {
      s0 += a[at + i] * b[bAt + i];
    }
    return s0 + s1 + (s2 + s3);
  }

  @Override
  public void affine(float[] a, int at, int n, float factor, float term) {
    for (int i = 0; i < n; i++) {
      a[at + i] = a[at + i] * factor + term;
    }
  }

  @Override
  public void multiply(float[] a, int at, float[] b, int bAt, int n) {
    for (int i = 0; i < n; i++) {
      a[at + i] *= b[bAt + i];
    }
  }

  @Override
  public void add(float[] a, int at, float[] b, int bAt, int n) {
    for (int i = 0; i < n; i++) {
      a[at + i] += b[bAt + i];
    }
  }

  @Override
  public void addProduct(float[] to, int toAt, float[] a, int at, float[] b, int bAt, int n) {
    for (int i = 0; i < n; i++) {
      to[toAt + i] += a[at + i] * b[bAt + i];
    }
  }

  @Override
  public void combine(
      float[] a, int at, float factor, float[] b, int bAt, float other, float term, int n) {
    for (int i = 0; i < n; i++) {
      a[at + i] = a[at + i] * factor + (b[bAt + i] * other + term);
    }
  }

  @Override
  public void normalize(float[] a, int at, int n, float shift, float factor) {
    for (int i = 0; i < n; i++) {
      a[at + i] = (a[at + i] - shift) * factor;
    }
  }

  @Override
  public void normalizeWeighted(
      float[] a, int at, int n, float shift, float factor, float[] b, int bAt, float[] c, int cAt) {
    for (int i = 0; i < n; i++) {
      a[at + i] = (a[at + i] - shift) * factor * b[bAt + i] + c[cAt + i];
    }
  }

  @Override
  public void keepMax(float[] max, int[] which, int maxAt, float[] a, int at, int n, int number) {
    for (int i = 0; i < n; i++) {
      float x = a[at + i];
      float m = max[maxAt + i];
      if (x > m || Float.isNaN(x) && !Float.isNaN(m)) {
        max[maxAt + i] = x;
        which[maxAt + i] = number;
      }
    }
  }
}
