int answer(void)
{
	return vnd_copy(42);
}
