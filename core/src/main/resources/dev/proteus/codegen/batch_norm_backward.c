/* The gradients of a batch normalisation. KIND says whether there is a weight. Words: images,
   channels, elements of a channel of one image, eps. */
KERNEL batch_norm_backward(
    GLOBAL const ELEMENT* RESTRICT g,
    GLOBAL const VALUE* RESTRICT of_means,
    GLOBAL const VALUE* RESTRICT of_variances,
    GLOBAL const ELEMENT* RESTRICT x,
    GLOBAL const VALUE* RESTRICT means,
    GLOBAL const VALUE* RESTRICT variances,
    GLOBAL const ELEMENT* RESTRICT weight,
    GLOBAL ELEMENT* RESTRICT gx,
    GLOBAL ELEMENT* RESTRICT of_weight,
    GLOBAL ELEMENT* RESTRICT of_bias,
    GLOBAL i32* errors,
    words a) {
  TEAM_MEMORY(VALUE)
  const idx images = a.v[0];
  const idx channels = a.v[1];
  const idx size = a.v[2];
  GLOBAL const ELEMENT* RESTRICT grad = g + START(0);
  GLOBAL const ELEMENT* RESTRICT from = x + START(3);
  GLOBAL ELEMENT* RESTRICT to = gx + START(7);
  CHANNEL_LANES
  FOR_TEAMS(channel, channels)
    const VALUE share = 1 / (VALUE) (images * size);
    const VALUE mean = means[START(4) + channel];
    const VALUE scale = 1 / sqrt(variances[START(5) + channel] + CONSTANT(a.v[3]));
    SUM_OF_CHANNEL(sum, LOAD(grad, HERE))
    SUM_OF_CHANNEL(along, LOAD(grad, HERE) * (LOAD(from, HERE) - mean))
    VALUE gain = scale;
#if KIND > 0
    gain *= LOAD(weight, START(6) + channel);
    if (IS_FIRST_OF_TEAM) {
      STORE(of_weight, START(8) + channel, (along * scale))
      STORE(of_bias, START(9) + channel, sum)
    }
#endif
    const VALUE slope =
        (2 * of_variances[START(2) + channel] - along * gain * scale * scale) * share;
    const VALUE offset = (of_means[START(1) + channel] - sum * gain) * share;
    FOR_CHANNEL
      STORE(to, HERE, (LOAD(grad, HERE) * gain + (LOAD(from, HERE) - mean) * slope + offset))
    END_CHANNEL
  END
}
