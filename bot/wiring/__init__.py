"""The composition root: settings in, composed services out. Only here is it known which outside system stands behind a port."""
